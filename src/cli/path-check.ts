import { lstatSync } from 'node:fs';
import { isAbsolute, sep } from 'node:path';
import { folderNotUtf8, pathNotUtf8 } from '../errors.js';

/** What Node puts in place of bytes that are not UTF-8. */
const REPLACEMENT = '\uFFFD';

/** The keys of the flags whose values are paths; the other ones of `--signature` hold no such character. */
export const PATH_KEYS: ReadonlySet<string> = new Set([
  'out',
  'tables',
  'root',
  'signature',
  'queueFile',
  'queueCa',
]);

/**
 * Throws a USAGE error, which names `name` as what gave `path`, if Node cannot name what is meant: a path is not UTF-8, and
 * there is nothing under the name that Node made of it.
 */
export function requireUtf8Path(name: string, path: string): void {
  if (!isNameable(path)) throw pathNotUtf8(name, path);
  if (!isAbsolute(path)) requireUtf8Folder();
}

/** Throws a USAGE error if the current folder is such a path. */
export function requireUtf8Folder(): void {
  const folder = findCurrentFolder();
  if (folder !== undefined && !isNameable(folder)) throw folderNotUtf8(folder);
}

/** A path to something new counts as well where all that bears the character is there. */
function isNameable(path: string): boolean {
  const at = path.lastIndexOf(REPLACEMENT);
  if (at < 0) return true;
  const end = path.slice(at).search(sep === '/' ? /\// : /[/\\]/);
  try {
    return lstatSync(end < 0 ? path : path.slice(0, at + end), { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true; // what is wrong with it is for others to say
  }
}

/** A folder that was removed meanwhile has no name. */
function findCurrentFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}
