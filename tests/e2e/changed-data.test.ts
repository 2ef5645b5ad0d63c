import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { createFolder, hashFolder, runCommand } from './harness.js';
import { writePlugIn } from './plug-ins.js';
import { interruptBuild, readKept } from './running-build.js';

const DONE_AGAIN = /finished jobs are done again: what they read or wrote is gone or changed/;

const BUILDS = {
  single: ['--range', '3e6', '--chunk', '10_000', '--layout', 'single'],
  signature: ['--range', '2e5', '--chunk', '2_000', '--layout', 'signature'],
  job: ['--range', '3e6', '--chunk', '10_000', '--layout', 'job'],
  'job of a plug-in': ['--range', '4e5', '--chunk', '4_000', '--layout', 'job', '--signature', 'plug-in.mjs'],
} as const;

/** Changes one byte, and not the size. */
async function changeByte(path: string): Promise<void> {
  const bytes = await readFile(path);
  // Near the beginning: what the first jobs have written, in every layout.
  const at = Math.min(20, bytes.length - 3);
  bytes[at] = bytes[at] === 0x31 ? 0x32 : 0x31;
  await writeFile(path, bytes);
}

describe.each(Object.entries(BUILDS))('an interrupted build (layout %s)', (_name, args) => {
  let hashes: Record<string, string>;

  async function openFolder(): Promise<string> {
    const cwd = await createFolder();
    await writePlugIn(cwd, 'return m % 7;');
    return cwd;
  }

  /** Stops a build with jobs done; gives the working directory and how many are. */
  async function interrupt(): Promise<{ cwd: string; kept: number; tables: string[] }> {
    for (;;) {
      const cwd = await openFolder();
      const { isInterrupted, stderr } = await interruptBuild(args, cwd, 'SIGINT');
      const kept = readKept(stderr) ?? 0;
      const tables = (await readdir(join(cwd, 'tables'))).filter((name) => name.endsWith('.json')).sort();
      if (isInterrupted && kept > 2) return { cwd, kept, tables };
    }
  }

  beforeAll(async () => {
    const cwd = await openFolder();
    expect(await runCommand(['build', ...args, '-q'], { cwd })).toMatchObject({ exitCode: 0 });
    hashes = await hashFolder(join(cwd, 'tables'));
  });

  test('takes what is done for what it is', async () => {
    const { cwd } = await interrupt();
    const { exitCode, stderr } = await runCommand(['build', ...args], { cwd });
    expect(exitCode).toBe(0);
    expect(stderr).not.toMatch(DONE_AGAIN);
    expect(await hashFolder(join(cwd, 'tables'))).toEqual(hashes);
  });

  test.each([
    ['has a byte changed', changeByte],
    ['is shorter', (path: string) => truncate(path, 5)],
    ['is gone', (path: string) => rm(path)],
  ])('does again what was in a file that %s', async (_what, damage) => {
    const { cwd, tables } = await interrupt();
    await damage(join(cwd, 'tables', tables[0] ?? ''));
    const { exitCode, stderr } = await runCommand(['build', ...args], { cwd });
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(DONE_AGAIN);
    expect(await hashFolder(join(cwd, 'tables'))).toEqual(hashes);
  });
});
