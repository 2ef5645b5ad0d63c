import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { commitManifest, refuseLostNumbers } from '../../src/build/commit.js';
import { Ledger } from '../../src/build/ledger.js';
import { splitIntoJobs } from '../../src/range/jobs.js';
import { createFolder } from '../e2e/harness.js';

const PARTS = {
  signature: { name: 'mine', version: '1', fileHash: 'a'.repeat(64) },
  range: { start: 0n, end: 100n },
  layout: 'single',
  count: 60n,
  bytes: 3n,
  files: [{ file: 'x.json', bytes: 3n, crc32: 0 }],
  buckets: [],
} as const;

test('a manifest of more numbers than its plan is not written, also where its range holds them', async () => {
  const out = await createFolder();
  const failure = commitManifest(out, { numbers: 59n }, PARTS, false);
  await expect(failure).rejects.toMatchObject({ code: 'TABLES' });
  await expect(failure).rejects.toThrow(/it has more numbers than its plan.*no manifest was written/);
  expect(await readdir(out)).toEqual([]);
  await commitManifest(out, { numbers: 60n }, PARTS, false);
  expect(await readdir(out)).toEqual(['manifest.json']);
});

test.each([
  ['an empty range', { range: { start: 100n, end: 100n } }, /its range is empty/],
  ['a chunk in the layout single', { chunk: 5n }, /chunk does not go with the layout/],
  ['more numbers than its range', { count: 101n }, /more numbers than its range/],
  [
    'fewer numbers than the built-in signature has',
    { signature: { name: 'reduced', version: '1' }, range: { start: 10n, end: 100n } },
    /fewer numbers than its range/,
  ],
])('nor is one of %s', async (_, change, message) => {
  const out = await createFolder();
  const failure = commitManifest(out, { numbers: 1000n }, { ...PARTS, ...change }, false);
  await expect(failure).rejects.toThrow(message);
  expect(await readdir(out)).toEqual([]);
});

test('numbers that jobs have spooled and that no bucket holds end the build, and so do those too many', () => {
  const jobs = splitIntoJobs({ start: 0n, end: 100n }, 50n);
  const ledger = new Ledger({ jobs, fileCount: 0, ownsFiles: false });
  for (const [job, numbers] of [50, 49].entries()) {
    const spooled = { bytes: 1, crc: 0, numbers, entries: 1 };
    ledger.add({ job, firstFile: 0, crcs: new Uint32Array(0), bytes: 1, spooled });
  }
  refuseLostNumbers(ledger, 99n);
  for (const placed of [98n, 100n])
    expect(() => refuseLostNumbers(ledger, placed)).toThrow(
      `its jobs spooled 99 numbers, and ${placed} were placed`,
    );
});
