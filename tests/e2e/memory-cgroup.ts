import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll } from 'vitest';
import { COMMAND } from './harness.js';

/** Where cgroups of version 1 and 2 are, and what bounds the memory there. */
const HIERARCHIES = [
  { parent: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes' },
  { parent: '/sys/fs/cgroup', limit: 'memory.max' },
];

/** A cgroup that bounds the memory, with a group in it that has no bound of its own. */
export interface MemoryCgroup {
  readonly folder: string;
  readonly inner: string;
}

/** Makes such a group of `bytes`, which is removed when the test file has run; `undefined` where this user may not. */
export function createMemoryCgroup(bytes: number): MemoryCgroup | undefined {
  for (const { parent, limit } of HIERARCHIES) {
    const folder = join(parent, `sigtables-test-${process.pid}-${bytes}`);
    const inner = join(folder, 'inner');
    try {
      mkdirSync(inner, { recursive: true });
      afterAll(() => [inner, folder].forEach((path) => rmdirSync(path)));
      if (!existsSync(join(folder, limit))) continue;
      writeFileSync(join(folder, limit), String(bytes));
      return { folder, inner };
    } catch {
      continue;
    }
  }
  return undefined;
}

/** Runs the built command in the cgroup at `folder`, with the working directory `cwd`. */
export async function runInCgroup(
  folder: string,
  args: readonly string[],
  cwd: string,
): Promise<{ stdout: string; stderr: string; exitCode?: number | undefined }> {
  const enter = `echo $$ > ${join(folder, 'cgroup.procs')} && exec "$@"`;
  const command = ['-c', enter, 'sh', process.execPath, COMMAND, ...args];
  return await execa('sh', command, { cwd, reject: false, stripFinalNewline: false, input: '' });
}
