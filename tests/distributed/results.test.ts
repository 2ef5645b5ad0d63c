import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { WrittenReceipt } from '../../src/distributed/job-data.js';
import { makeAttemptFolder } from '../../src/distributed/job-folder.js';
import { readQueueRecord } from '../../src/distributed/queue-record.js';
import {
  describeFile,
  holdsFile,
  readReceipt,
  removeResult,
  settleAttempt,
} from '../../src/distributed/results.js';

const BUILD = 'b0123456789ab';
const WORK = 'a'.repeat(64);
const WANTED = { work: WORK, range: { start: 700n, end: 800n } };

let root: string;
let folder: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sigtables-results-'));
  folder = join(root, '.build', 'jobs', BUILD);
  await mkdir(folder, { recursive: true });
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
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

test.each([
  ['a link to a folder', (path: string) => symlink(tmpdir(), path)],
  ['a link to nothing', (path: string) => symlink('nowhere', path)],
  ['a file', (path: string) => writeFile(path, '')],
  ['a folder of something else', (path: string) => mkdir(join(path, 'x'), { recursive: true })],
  ['a pipe', (path: string) => promisify(execFile)('mkfifo', [path])],
])('%s in place of a result gives way to the result', async (_what, put) => {
  await put(join(folder, '7'));
  expect(await readReceipt(folder, BUILD, 7, WANTED)).toBeUndefined();
  const { attempt, receipt } = await makeAttempt('text');
  await settleAttempt(folder, attempt, receipt, false);
  expect(await readReceipt(folder, BUILD, 7, WANTED)).toEqual(receipt);
  expect(await readdir(folder)).toEqual(['7']);
});

test('a receipt that a link leads to, or that is a pipe, is none', async () => {
  const { attempt, receipt } = await makeAttempt('text');
  await settleAttempt(folder, attempt, receipt, false);
  await rename(join(folder, '7'), join(folder, 'elsewhere'));
  await symlink(join(folder, 'elsewhere'), join(folder, '7'));
  expect(await readReceipt(folder, BUILD, 7, WANTED)).toBeUndefined();
  await rm(join(folder, '7'));
  await mkdir(join(folder, '7'));
  await promisify(execFile)('mkfifo', [join(folder, '7', 'receipt.json')]);
  expect(await readReceipt(folder, BUILD, 7, WANTED)).toBeUndefined();
});

test('a result is not removed through a link that took the place of its folder', async () => {
  await mkdir(join(folder, 'results', '7'), { recursive: true });
  await symlink('results', join(folder, 'link'));
  await expect(removeResult(join(folder, 'link'), 7)).rejects.toThrow(/ENOTDIR|ELOOP/);
  expect(await readdir(join(folder, 'results'))).toEqual(['7']);
});

test('a token or a record that is a pipe makes nobody wait', async () => {
  const out = join(folder, 'out');
  const results = join(out, '.build', 'jobs', BUILD);
  await mkdir(results, { recursive: true });
  await promisify(execFile)('mkfifo', [join(results, 'token'), join(out, '.build', 'jobs', 'queue.json')]);
  expect(readQueueRecord(out)).toBeUndefined();
});
