import { closeSync, fstatSync, lstatSync, openSync, type Stats } from 'node:fs';
import { basename, extname, relative, resolve } from 'node:path';
import {
  configBroken,
  configExports,
  configMissing,
  configNoFile,
  configOfOthers,
  configUnreadable,
  configUnsuitable,
  SigtablesError,
} from '../../errors.js';
import { readNamedFile } from '../../files/named-file.js';
import { isNoPlainFile, READ_LINKED, readBounded } from '../../files/plain-file.js';
import { NAMED_FILE_LIMITS } from '../../limits.js';
import { importModule, MODULE_EXTENSIONS } from '../../signatures/plug-in/import-module.js';

/** A config file as it was read, nothing in it looked at yet. */
export interface ConfigFile {
  /** As messages name it: from the current folder on where it is in there. */
  readonly file: string;
  readonly path: string;
  readonly content: unknown;
}

export const NAME = 'sigtables';
export const PACKAGE = 'package.json';

const isModule = (path: string): boolean => (MODULE_EXTENSIONS as readonly string[]).includes(extname(path));

/** Reads the file that `--config` names. Throws a USAGE error where it is absent, no config, or broken. */
export async function readConfigFile(given: string): Promise<ConfigFile> {
  const path = resolve(given);
  const extension = extname(path);
  if (!['', '.json'].includes(extension) && !isModule(path))
    throw configUnsuitable(given, ['.json', ...MODULE_EXTENSIONS]);
  // Node reads a module by itself once more, which a pipe does not bear.
  const { maxBytes, ...pipe } = NAMED_FILE_LIMITS;
  const limits = { maxBytes, ...(!isModule(path) && pipe) };
  const text = await readNamedFile(path, limits).catch((error: Error) => {
    throw configUnreadable(given, error);
  });
  const content = await parse(path, text.toString());
  const isPackage = basename(path) === PACKAGE;
  if (isPackage && sectionOf(content) === undefined) throw configMissing(given);
  return { file: given, path, content: isPackage ? sectionOf(content) : content };
}

/**
 * Reads the file at `path` that was found on the way up; nothing where there is none, or where it is a package.json that has
 * nothing for us. Throws a USAGE error for a config that is no plain file, of another user, or broken.
 */
export async function readFoundConfig(path: string): Promise<ConfigFile | undefined> {
  const isPackage = basename(path) === PACKAGE;
  const found = isPackage ? findPackage(path) : openFound(path);
  if (!found) return undefined;
  if (!isPackage || speaksOfUs(found.text)) requireTrusted(path, found.owners);
  const content = await parse(path, found.text);
  if (!isPackage) return { file: nameFile(path), path, content };
  const section = sectionOf(content);
  return section === undefined ? undefined : { file: nameFile(path), path, content: section };
}

interface FoundFile {
  readonly text: string;
  /** The users that the name and what it leads to belong to. */
  readonly owners: readonly number[];
}

/** Most package.json files are none of our business: one that cannot be read is passed by, whatever is wrong with it. */
function findPackage(path: string): FoundFile | undefined {
  try {
    return openFound(path);
  } catch {
    return undefined;
  }
}

/** Looks at the owner and the kind of what is opened, not of what stood there a moment before. */
function openFound(path: string): FoundFile | undefined {
  const named = lstatSync(path, { throwIfNoEntry: false });
  const fd = named && tryToOpen(path, named);
  if (fd === undefined) return undefined;
  try {
    const stats = fstatSync(fd);
    const owners = [named!.uid, stats.uid];
    if (!stats.isFile())
      throw isTrusted(owners) ? configNoFile(nameFile(path)) : configOfOthers(nameFile(path));
    return { text: readBounded(fd, NAMED_FILE_LIMITS.maxBytes).toString(), owners };
  } catch (error) {
    throw error instanceof SigtablesError ? error : configUnreadable(nameFile(path), error as Error);
  } finally {
    closeSync(fd);
  }
}

/** Nothing for a link to nothing. */
function tryToOpen(path: string, named: Stats): number | undefined {
  try {
    return openSync(path, READ_LINKED);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    requireTrusted(path, [named.uid]);
    throw isNoPlainFile(error)
      ? configNoFile(nameFile(path))
      : configUnreadable(nameFile(path), error as Error);
  }
}

/** What a text holds that is a config. An empty file is an empty config. */
async function parse(path: string, text: string): Promise<unknown> {
  if (text.trim() === '' && basename(path) !== PACKAGE) return undefined;
  return isModule(path) ? await importDefault(path, text) : parseJson(path, text);
}

/** `path` as messages name it. */
export function nameFile(path: string): string {
  const inner = relative(process.cwd(), path);
  return inner === '' || inner.startsWith('..') ? path : inner;
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    // Someone else's broken package.json is none of our business, unless it speaks of us.
    if (basename(path) === PACKAGE && !speaksOfUs(text)) return {};
    throw configBroken(nameFile(path), (error as Error).message);
  }
}

async function importDefault(path: string, code: string): Promise<unknown> {
  let module: unknown;
  try {
    module = await importModule(path, code);
  } catch (error) {
    throw configBroken(nameFile(path), error instanceof Error ? error.message : String(error), error);
  }
  const content = (module as { default?: unknown }).default;
  if (content === undefined) throw configExports(nameFile(path));
  return content;
}

function speaksOfUs(text: string): boolean {
  return text.includes(`"${NAME}"`);
}

/** What a package.json holds for us. */
function sectionOf(content: unknown): unknown {
  if (typeof content !== 'object' || content === null) return undefined;
  return (content as Readonly<Record<string, unknown>>)[NAME] ?? undefined;
}

/**
 * A config that was found, not named, says where files go and may run code: in a folder that others can write to, as /tmp,
 * it may be anybody's. Only one's own and root's are taken. Windows has no such owners.
 */
function requireTrusted(path: string, owners: readonly number[]): void {
  if (!isTrusted(owners)) throw configOfOthers(nameFile(path));
}

function isTrusted(owners: readonly number[]): boolean {
  const own = process.getuid?.();
  if (own === undefined) return true;
  const trusted = [own, 0, ...(own === 0 ? [Number(process.env['SUDO_UID'] ?? 0)] : [])];
  return owners.every((owner) => trusted.includes(owner));
}
