import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { builtFile } from '../../built-file.js';
import { packageNoFile } from '../../errors.js';
import { isNoPlainFile, READ_LINKED, readPlainFile } from '../../files/plain-file.js';
import { PACKAGE_MAX_BYTES } from '../../limits.js';

/** What a signature's file may end in. */
export const MODULE_EXTENSIONS = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'] as const;

const TYPESCRIPT = /\.[cm]?ts$/;
const MODULE_SYNTAX = /^\s*(?:import\b[\s\w*,{}$]*["']|import\b[^()]*\bfrom\b|export\b\s*(?:[*{]|\w))/m;
/** Packages that a lone file may import all the same: it has no folder of modules, and neither has what npx runs. */
const OWN_PACKAGE = 'sigtables';
const SCHEMA_PACKAGE = 'zod';

/**
 * The namespace of the module at `path`, whose content is `code`. JavaScript is imported natively; jiti is for TypeScript,
 * and for JavaScript that Node refuses: ES modules in a folder of CommonJS, and imports of sigtables where it is not
 * installed. Both run at the same speed (jiti's interop, whose proxies make imports twenty times slower, is off).
 * Rejects with what the module threw, or with what Node and jiti say of it.
 */
export async function importModule(path: string, code: string, cacheFolder?: string): Promise<unknown> {
  const packageType = findPackageType(dirname(path));
  const transpile = (): Promise<unknown> => importTranspiled(path, code, cacheFolder);
  if (TYPESCRIPT.test(path) || isUnmarkedModule(path, code, packageType)) return transpile();
  try {
    return (await import(/* @vite-ignore */ pathToFileURL(path).href)) as unknown;
  } catch (error) {
    if (lacksOwnPackage(error) || isUnplacedSyntaxError(error)) return transpile();
    throw error;
  }
}

/**
 * jiti reads JITI_* variables where no option is given. The cache is off unless it is ours: jiti's own is in a folder that all
 * users of the machine share.
 */
async function importTranspiled(path: string, code: string, cacheFolder?: string): Promise<unknown> {
  const { createJiti } = await import('jiti');
  const jiti = createJiti(path, {
    alias: findAliases(path),
    fsCache: cacheFolder ?? false,
    interopDefault: false,
    debug: false,
    tryNative: false,
  });
  return jiti.evalModule(code, { filename: path, ext: extname(path), async: true, forceTranspile: true });
}

/** The plug-in gets the very library that runs it, and the zod beside that if it has none of its own. */
function findAliases(path: string): Record<string, string> {
  const aliases = { [OWN_PACKAGE]: builtFile('index.js') };
  try {
    createRequire(path).resolve(SCHEMA_PACKAGE);
    return aliases;
  } catch {
    // The folder, not the entry point: jiti appends what follows the name, as in zod/v4.
    const manifest = createRequire(import.meta.filename).resolve(`${SCHEMA_PACKAGE}/package.json`);
    return { ...aliases, [SCHEMA_PACKAGE]: dirname(manifest) };
  }
}

/** ES module syntax in a `.js` file that its package.json does not call a module: Node warns of it, or refuses it. */
function isUnmarkedModule(path: string, code: string, type: unknown): boolean {
  if (extname(path) !== '.js' || !MODULE_SYNTAX.test(code)) return false;
  return type !== undefined && type !== 'module';
}

/**
 * The `type` of the nearest package.json, `commonjs` where it says none; `undefined` where there is none. Throws a USAGE error
 * for a pipe or a device of that name: Node reads it too, and would wait for it.
 */
function findPackageType(folder: string): unknown {
  const path = join(folder, 'package.json');
  try {
    return readType(readPlainFile(path, PACKAGE_MAX_BYTES, READ_LINKED).toString());
  } catch (error) {
    const isOdd = isNoPlainFile(error) && !statSync(path, { throwIfNoEntry: false })?.isDirectory();
    if (isOdd) throw packageNoFile(path);
    return dirname(folder) === folder ? undefined : findPackageType(dirname(folder));
  }
}

function readType(text: string): unknown {
  return (JSON.parse(text) as { type?: unknown }).type ?? 'commonjs';
}

function lacksOwnPackage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, message } = error as NodeJS.ErrnoException;
  const isMissing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  return isMissing && /^Cannot find (?:package|module) '(?:sigtables|zod)'/.test(message);
}

/** Node 20 does not tell the line of a syntax error in an ES module; the transpiler does. */
function isUnplacedSyntaxError(error: unknown): boolean {
  return error instanceof SyntaxError && !/^\S+:\d+$/m.test(error.stack ?? '');
}
