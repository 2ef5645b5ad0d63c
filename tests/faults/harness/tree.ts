import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { deepStrictEqual } from 'node:assert';

/** The SHA-1 of every file below a folder, hidden ones too, by relative path; folders have an empty one. */
export type Tree = Readonly<Record<string, string>>;

/** Reads a folder whole; an absent one is empty. */
export function readTree(folder: string): Tree {
  const tree: Record<string, string> = {};
  for (const entry of listEntries(folder)) {
    const path = join(entry.parentPath, entry.name);
    tree[relative(folder, path)] = entry.isFile()
      ? createHash('sha1').update(readFileSync(path)).digest('hex')
      : '';
  }
  return Object.fromEntries(Object.entries(tree).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function listEntries(folder: string): ReturnType<typeof readEntries> {
  try {
    return readEntries(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function readEntries(folder: string) {
  return readdirSync(folder, { recursive: true, withFileTypes: true });
}

/** A folder of tables without what only a running or interrupted build needs. */
export function readTables(folder: string): Tree {
  return Object.fromEntries(
    Object.entries(readTree(folder)).filter(([name]) => !/^\.build(?:\/|$)/.test(name)),
  );
}

/** Throws where two folders differ; says in which files. */
export function expectSameTree(found: Tree, expected: Tree, what: string): void {
  const names = [...new Set([...Object.keys(found), ...Object.keys(expected)])];
  const wrong = names.filter((name) => found[name] !== expected[name]);
  const describe = (name: string): string => {
    if (found[name] === undefined) return `${name} is missing`;
    return expected[name] === undefined ? `${name} is too many` : `${name} has other bytes`;
  };
  deepStrictEqual(
    wrong.slice(0, 10).map(describe),
    [],
    `${what}: ${wrong.length} of ${names.length} files are wrong`,
  );
}
