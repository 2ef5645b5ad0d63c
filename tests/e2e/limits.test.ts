import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { createFolder, hashFolder, runCommand } from './harness.js';
import { testWith } from '../programs.js';
import { runWithOpenFiles } from './places.js';
import { expectRefusal } from './refusal.js';
import { startBuild } from './running-build.js';

testWith('prlimit', 'more files than the process may open at once', async () => {
  const build = ['build', '--range', '1e6', '--out', 'tables', '--progress', 'none'];
  const limited = await runWithOpenFiles(300, build);
  expect(limited).toMatchObject({ exitCode: 0, stderr: '' });
  expect(limited.stdout).toContain('3,205 files');
  const free = await runCommand(build);
  expect(await hashFolder(join(limited.cwd, 'tables'))).toEqual(await hashFolder(join(free.cwd, 'tables')));
});

const ARGS = ['--range', '3e6', '--chunk', '4000', '--layout', 'single', '--out', 'tables'];
let alone: Record<string, string>;

beforeAll(async () => {
  alone = await hashFolder(join((await runCommand(['build', ...ARGS])).cwd, 'tables'));
});

test.each([
  ['the same', []],
  ['another', ['--range', '1e5']],
  ['another, with --force,', ['--range', '1e5', '--force']],
])('a second build of %s range in the folder of a running one ends, and names it', async (_what, change) => {
  const cwd = await createFolder();
  const first = startBuild(ARGS, cwd);
  expect(await first.says(/ on \d+ CPUs?\n/)).toBe(true);
  const holder = new RegExp(`^sigtables: tables is locked by process ${String(first.process.pid)} on `);
  await expectRefusal(['build', ...ARGS, ...change], 4, holder, { cwd });
  expect(first.process.exitCode, 'the first build was to be running still').toBe(null);
  expect((await first.process).exitCode).toBe(0);
  expect(await hashFolder(join(cwd, 'tables'))).toEqual(alone);
});
