import { lstatSync, statSync } from 'node:fs';
import { basename, extname, relative, resolve } from 'node:path';
import { type Loaders, lilconfig } from 'lilconfig';
import {
  configBroken,
  configExports,
  configMissing,
  configOfOthers,
  configUnreadable,
  configUnsuitable,
  SigtablesError,
} from '../../errors.js';
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

/** How lilconfig reads each kind of file; with `isTrusted`, whoever owns it. */
export function createLoaders(isTrusted: boolean): Loaders {
  const check = isTrusted ? (): void => {} : refuseOthers;
  const readJson = (path: string, text: string): unknown => {
    const content = parseJson(path, text);
    if (basename(path) !== PACKAGE || hasOwnSection(content)) check(path);
    return content;
  };
  const runModule = async (path: string, code: string): Promise<unknown> => {
    check(path);
    return await importDefault(path, code);
  };
  const modules = MODULE_EXTENSIONS.map((extension) => [extension, runModule]);
  return { '.json': readJson, noExt: readJson, ...(Object.fromEntries(modules) as Loaders) };
}

/** Reads the file that `--config` names. Throws a USAGE error where it is absent, no config, or broken. */
export async function readConfigFile(given: string): Promise<ConfigFile> {
  const path = resolve(given);
  const loaders = createLoaders(true);
  const extension = extname(path);
  if (extension !== '' && !(extension in loaders)) throw configUnsuitable(given, Object.keys(loaders));
  try {
    const result = await lilconfig(NAME, { loaders, cache: false, ignoreEmptySearchPlaces: false }).load(
      path,
    );
    if (basename(path) === PACKAGE && result?.config === null) throw configMissing(given);
    return { file: given, path, content: result?.config as unknown };
  } catch (error) {
    throw error instanceof SigtablesError ? error : configUnreadable(given, error as Error);
  }
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
    if (basename(path) === PACKAGE && !text.includes(`"${NAME}"`)) return {};
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

function hasOwnSection(content: unknown): boolean {
  return typeof content === 'object' && content !== null && NAME in content;
}

/**
 * A config that was found, not named, says where files go and may run code: in a folder that others can write to, as /tmp,
 * it may be anybody's. Only one's own and root's are taken. Windows has no such owners.
 */
function refuseOthers(path: string): void {
  const own = process.getuid?.();
  if (own === undefined) return;
  const trusted = [own, 0, ...(own === 0 ? [Number(process.env['SUDO_UID'] ?? 0)] : [])];
  const owners = [lstatSync(path).uid, statSync(path).uid];
  if (!owners.every((owner) => trusted.includes(owner))) throw configOfOthers(nameFile(path));
}
