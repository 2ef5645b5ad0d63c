import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { WrittenReceipt } from '../../src/distributed/job-data.js';
import { makeAttemptFolder } from '../../src/distributed/job-folder.js';
import { describeFile, holdsFile, readReceipt, settleAttempt } from '../../src/distributed/results.js';

const BUILD = 'b0123456789ab';
const WORK = 'a'.repeat(64);
const WANTED = { work: WORK, range: { start: 700n, end: 800n } };

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sigtables-results-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function makeAttempt(content: string): Promise<{ attempt: string; receipt: WrittenReceipt }> {
  const attempt = await makeAttemptFolder(folder, 7);
  await writeFile(join(attempt, '7.part'), content);
  const files = [await describeFile(attempt, '7.part')];
  const made = { work: WORK, start: '700', end: '800' };
  const head = { format: 2, build: BUILD, job: 7, ...made, host: 'here', failures: 0, stalls: 1 } as const;
  return { attempt, receipt: { ...head, files, bytes: content.length } };
}

test('the first result stays, a late one is dropped, and nothing else is left', async () => {
  const [first, late] = [await makeAttempt('first'), await makeAttempt('late one')];
  await settleAttempt(folder, first.attempt, first.receipt, true);
  await settleAttempt(folder, late.attempt, late.receipt, true);
  expect(await readdir(folder)).toEqual(['7']);
  expect(await readFile(join(folder, '7', '7.part'), 'utf8')).toBe('first');
  expect(await readReceipt(folder, BUILD, 7, WANTED)).toEqual(first.receipt);
});

test('a receipt that was changed, or is of another build, job, plan or range, is none', async () => {
  const { attempt, receipt } = await makeAttempt('text');
  await settleAttempt(folder, attempt, receipt, false);
  expect(await readReceipt(folder, 'bfffffffffff0', 7, WANTED)).toBeUndefined();
  expect(await readReceipt(folder, BUILD, 8, WANTED)).toBeUndefined();
  expect(await readReceipt(folder, BUILD, 7, { ...WANTED, work: 'b'.repeat(64) })).toBeUndefined();
  const otherRange = { ...WANTED, range: { start: 701n, end: 800n } };
  expect(await readReceipt(folder, BUILD, 7, otherRange)).toBeUndefined();
  expect(await readReceipt(folder, BUILD, 7, WANTED)).toEqual(receipt);
  const path = join(folder, '7', 'receipt.json');
  await writeFile(path, (await readFile(path, 'utf8')).replace('"here"', '"hers"'));
  expect(await readReceipt(folder, BUILD, 7, WANTED)).toBeUndefined();
});

test('a file is held against its size, and against its checksum', async () => {
  await mkdir(join(folder, 'x'));
  await writeFile(join(folder, 'x', 'a'), 'text');
  const file = await describeFile(join(folder, 'x'), 'a');
  await writeFile(join(folder, 'x', 'a'), 'test');
  await expect(holdsFile(join(folder, 'x'), 'a', file, false)).resolves.toBe(true);
  await expect(holdsFile(join(folder, 'x'), 'a', file, true)).resolves.toBe(false);
  await writeFile(join(folder, 'x', 'a'), 'longer');
  await expect(holdsFile(join(folder, 'x'), 'a', file, false)).resolves.toBe(false);
});
