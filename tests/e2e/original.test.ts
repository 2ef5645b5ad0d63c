import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { signByLiteralLoop } from '../signatures/reduced/literal-loop.js';
import { ROOT, runCommand } from './harness.js';
import { type Buckets, encodeTable, groupNumbers, signByNumberLoop } from './literal-tables.js';
import { expectTableSet } from './table-set.js';

const [START, END, CHUNK] = [1_200_000, 7_600_000, 10_000];
const REFERENCE = join(ROOT, 'tests', 'fixtures', 'reference', 'jobs');

let folder: string;

beforeAll(async () => {
  const args = ['--range', '1200000..7600000', '--chunk', '10000', '--layout', 'job', '--out', 'tables'];
  const { exitCode, cwd } = await runCommand(['build', ...args]);
  expect(exitCode).toBe(0);
  folder = join(cwd, 'tables');
});

function nameTable(start: number): string {
  return `${String(start)}-${String(start + CHUNK)}.json`;
}

test('the tables that the original wrote are there byte for byte', async () => {
  const names = await readdir(REFERENCE);
  expect(names).toHaveLength(4);
  for (const name of names) {
    const table = await readFile(join(folder, nameTable(Number.parseInt(name, 10) * CHUNK)));
    expect(table.equals(await readFile(join(REFERENCE, name))), name).toBe(true);
  }
});

test('all 640 tables and the manifest are what the literal loop gives', async () => {
  const tables = new Map<string, string>();
  const whole = new Map<string, number[]>();
  for (let start = START; start < END; start += CHUNK) {
    const buckets = groupNumbers(start, start + CHUNK);
    tables.set(nameTable(start), encodeTable(buckets));
    appendBuckets(whole, buckets);
  }
  expect(tables.size).toBe(640);
  const range = { start: BigInt(START), end: BigInt(END) };
  await expectTableSet({ folder, ...range, layout: 'job', chunk: BigInt(CHUNK), buckets: whole, tables });
});

test('the loop on plain numbers, which these tests use for millions, is the literal loop', () => {
  const number = fc.oneof(fc.integer({ min: 10, max: 1e7 }), fc.integer({ min: 10, max: 2 ** 50 }));
  fc.assert(
    fc.property(number, (n) => {
      expect(signByNumberLoop(n)).toBe(signByLiteralLoop(BigInt(n)));
    }),
    { numRuns: 2000 },
  );
});

function appendBuckets(whole: Map<string, number[]>, part: Buckets<number>): void {
  for (const [key, numbers] of part) {
    const bucket = whole.get(key) ?? [];
    for (const n of numbers) bucket.push(n);
    whole.set(key, bucket);
  }
}
