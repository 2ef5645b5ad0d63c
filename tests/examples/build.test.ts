import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import { runCommand, type CommandResult } from '../e2e/harness.js';
import { EXAMPLES, openExample } from './open-example.js';
import { sumWithoutNines } from './series-sum.js';

async function buildExample(file: string, ...flags: string[]): Promise<CommandResult> {
  const args = ['build', '--signature', join(EXAMPLES, file), '--out', 'tables', '--cpus', '2', ...flags];
  const result = await runCommand(args);
  expect(result.stderr).not.toMatch(/error/i);
  expect(result.exitCode).toBe(0);
  return result;
}

async function readTable({ cwd }: CommandResult): Promise<unknown> {
  return JSON.parse(await readFile(join(cwd, 'tables', 'table.json'), 'utf8'));
}

function runScript(file: string, cwd: string, ...args: string[]): ReturnType<typeof execa> {
  return execa(process.execPath, [join(EXAMPLES, file), ...args], { cwd });
}

test('digital-root: each root has every ninth number', async () => {
  const built = await buildExample('digital-root/digital-root.js', '--range', '1..1e4', '--layout', 'single');
  const everyNinth = (root: number): number[] => Array.from({ length: 1111 }, (_, i) => 9 * i + root);
  const table = Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map((root) => [root, everyNinth(root)]));
  expect(await readTable(built)).toEqual(table);
});

test('digital-root: a table for each root, and a lookup in one', async () => {
  const { cwd } = await buildExample('digital-root/digital-root.js', '--range', '1..1e4');
  const { stdout } = await runCommand(['lookup', '7', '--from', '1', '--limit', '3'], { cwd });
  expect(stdout).toBe('16\n25\n34\n');
});

test('digital-root: counts instead of numbers', async () => {
  const flags = ['--range', '1..1e6', '--aggregate', 'count', '--layout', 'single'];
  const built = await buildExample('digital-root/digital-root.js', ...flags);
  expect(Object.values((await readTable(built)) as object)).toEqual(Array.from({ length: 9 }, () => 111111));
});

test('slow-series: the sum is what the recursion says, and the same to the last bit for any number of CPUs', async () => {
  const flags = ['--range', '1..1e7', '--aggregate', 'sum', '--layout', 'single'];
  const tables = [];
  for (const cpus of ['1', '2']) {
    const built = await buildExample('slow-series/slow-series.js', ...flags, '--cpus', cpus);
    tables.push(await readTable(built));
  }
  expect(tables[1]).toEqual(tables[0]);
  const { 'no 9': sum } = tables[0] as { 'no 9': number };
  expect(Math.abs(sum - sumWithoutNines(7))).toBeLessThan(1e-9);
});

test('julia-set: the picture shows the escape times', async () => {
  const options = ['--option', 'width=300', '--option', 'height=200'];
  const { cwd } = await buildExample('julia-set/julia-set.ts', '--range', '60000', ...options);
  const { stdout } = await runScript('julia-set/to-picture.js', cwd, 'tables', 'julia.png', '300');
  expect(stdout).toMatch(/^julia.png: 300 x 200 pixels, \d+ escape times$/);
  const { width, height, channels, data } = decode(await readFile(join(cwd, 'julia.png')));
  expect({ width, height, channels }).toEqual({ width: 300, height: 200, channels: 3 });
  const { keyOf } = await openExample('julia-set/julia-set.ts', { width: '300', height: '200' });
  const colors = new Map<unknown, string>();
  for (let n = 0; n < 60_000; n++) {
    const color = data.slice(3 * n, 3 * n + 3).join();
    const known = colors.get(keyOf(n));
    if (known === undefined) colors.set(keyOf(n), color);
    else expect(color).toBe(known);
  }
  expect(colors.get(255)).toBe('0,0,0');
  expect(new Set(colors.values()).size).toBeGreaterThan(0.9 * colors.size);
});

test('julia-set: a width that does not fit is refused', async () => {
  const options = ['--option', 'width=300', '--option', 'height=200'];
  const { cwd } = await buildExample('julia-set/julia-set.ts', '--range', '60000', ...options);
  await expect(runScript('julia-set/to-picture.js', cwd, 'tables', 'julia.png', '301')).rejects.toThrow(
    'no rows of 301',
  );
});

test('name-match: the records of one client end up in one bucket', async () => {
  const { cwd } = await runCommand(['--version']);
  await runScript('name-match/make-data.js', cwd, 'clients', '--records', '20000', '--names', '500');
  const data = ['--option', 'records=clients/records.csv', '--option', 'names=clients/names.csv'];
  const file = join(EXAMPLES, 'name-match/name-match.ts');
  const flags = ['--range', '20000', '--chunk', '5000', '--layout', 'single', '--out', 'tables'];
  const { exitCode } = await runCommand(['build', '--signature', file, ...flags, ...data], { cwd });
  expect(exitCode).toBe(0);
  const { stdout } = await runScript('name-match/check-answers.js', cwd, 'tables', 'clients/answers.csv');
  expect(stdout).toBe('20000 of 20000 records stand under the name that they mean');
});
