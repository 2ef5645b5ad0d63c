import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { createFolder, runCommand } from './harness.js';
import { writePlugIn } from './plug-ins.js';

/** Counts the threads that a process starts, and says at its end how many, and when it printed its result. */
const HOOK = `let started = 0;
let printedMs = 0;
process.on('worker', () => started++);
const { write } = process.stdout;
process.stdout.write = function (...args) {
  printedMs = performance.now();
  return write.apply(this, args);
};
process.on('exit', () => {
  const { writeFileSync } = require('node:fs');
  writeFileSync(process.env.TEST_COUNT, JSON.stringify({ started, printedMs }));
});`;
/** More than there are tasks anywhere here. */
const MANY_CPUS = ['--cpus', '24'];
const THREE_JOBS = ['--range', '3e4', '--chunk', '1e4', '--layout', 'job'];

let cwd: string;
let plugIn: string;

beforeAll(async () => {
  cwd = await createFolder();
  await writeFile(join(cwd, 'hook.cjs'), HOOK);
  plugIn = await writePlugIn(cwd, 'return m % 7;');
  await run(['build', ...THREE_JOBS, '--out', 'three']);
  await run(['build', ...THREE_JOBS, '--signature', plugIn, '--out', 'own']);
  await run(['build', '--range', '1e5', '--out', 'many']);
  await run(['build', '--range', '3e4', '--layout', 'single', '--out', 'one']);
  await run(['build', '--range', '3e4..6e4', '--layout', 'single', '--out', 'next']);
});

/** Runs a command that must succeed, under the hook: its output, and what the hook says. */
async function run(args: readonly string[]) {
  const count = join(cwd, 'count.json');
  const env = { NODE_OPTIONS: `--require "${join(cwd, 'hook.cjs')}"`, TEST_COUNT: count };
  const { exitCode, stdout, stderr } = await runCommand(args, { cwd, env });
  expect(stderr.includes('sigtables: error') ? stderr : exitCode).toBe(0);
  return { ...(JSON.parse(await readFile(count, 'utf8')) as { started: number; printedMs: number }), stdout };
}

describe('no command starts more threads than it has tasks', () => {
  test.each([
    ['build', ['build', ...THREE_JOBS, '--out', 'a'], 3],
    // With one that watches the memory.
    ['build by a file', () => ['build', ...THREE_JOBS, '--signature', plugIn, '--out', 'b'], 4],
    ['build of counts', ['build', '--range', '3e4', '--aggregate', 'count', '--out', 'c'], 0],
    ['merge', ['merge', 'one', 'next', '--layout', 'single', '--chunk', '3e4', '--out', 'd'], 2],
    ['verify of one file', ['verify', 'one'], 1],
    ['verify --deep of one file', ['verify', 'one', '--deep'], 1],
    ['verify of three files', ['verify', 'three'], 3],
    ['verify --deep of three files', ['verify', 'three', '--deep'], 3],
    ['verify of a signature of a file', () => ['verify', 'own', '--deep', '--signature', plugIn], 3],
  ])('%s', async (_name, args, tasks) => {
    const { started } = await run([...(typeof args === 'function' ? args() : args), ...MANY_CPUS]);
    expect(started).toBeLessThanOrEqual(tasks);
  });

  test('verify --repair', async () => {
    const [table] = await readdir(join(cwd, 'three'));
    await rm(join(cwd, 'three', table!));
    const { started } = await run(['verify', 'three', '--repair', ...MANY_CPUS]);
    // One for each file to check, and again where faults are looked for and found gone; one for the file that is written.
    expect(started).toBeLessThanOrEqual(3 + 3 + 1);
  });

  test.each([
    ['lookup', ['lookup', '1667', '--tables', 'three']],
    ['find', ['find', '6967', '--tables', 'three']],
    ['sign', ['sign', '6967']],
    ['report', ['report', 'three']],
    ['plan', ['plan', '--range', '1e9']],
  ])('%s starts none', async (_name, args) => {
    expect((await run(args)).started).toBe(0);
  });
});

test('verify uses as many threads as it may where there are tasks for them', async () => {
  expect((await run(['verify', 'many', '--cpus', '2'])).started).toBe(2);
});

test.each([
  ['build', ['build', ...THREE_JOBS, '--out', 'timed', '--json']],
  ['merge', ['merge', 'one', 'next', '--out', 'timed-merge', '--json']],
  ['verify', ['verify', 'many', '--deep', '--json']],
])('%s tells the time of the whole command', async (_name, args) => {
  const { stdout, printedMs } = await run(args);
  const { elapsedMs } = JSON.parse(stdout) as { elapsedMs: number };
  // From the start of the process to its result; the other way of telling time leaves out 100 ms at the least.
  expect(elapsedMs).toBeGreaterThan(printedMs - 50);
  expect(elapsedMs).toBeLessThanOrEqual(printedMs + 1);
});
