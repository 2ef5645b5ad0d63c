import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseChunk } from '../../src/layouts/default-chunk.js';
import { LAYOUT_NAMES } from '../../src/layouts/layout-name.js';
import { measureTables } from '../../src/layouts/measure.js';
import { splitIntoJobs } from '../../src/range/jobs.js';
import type { Range } from '../../src/range/range.js';
import { reducedSignature } from '../../src/signatures/reduced/signature.js';
import { arbitraryRanges, scanBuckets } from '../signatures/reduced/ranges.js';

const { closedForm } = reducedSignature;

function writeTable(range: Range): string[] {
  return Array.from(scanBuckets(range), ([key, numbers]) => `"${key}":[${numbers.join(',')}]`);
}

function sumLengths(texts: readonly string[]): bigint {
  return BigInt(texts.reduce((sum, text) => sum + text.length, 0));
}

describe('measureTables', () => {
  it('measures what the tables take', () => {
    fc.assert(
      fc.property(arbitraryRanges(2000n), fc.bigInt(1n, 2000n), (range, chunk) => {
        const jobs = splitIntoJobs(range, chunk);
        const buckets = writeTable(range);
        const signatures = BigInt(buckets.length);
        const single = sumLengths([`{${buckets.join(',')}}`]);
        const signature = sumLengths(buckets.map((bucket) => `{${bucket}}`));
        let job = 0n;
        for (let i = 0n; i < jobs.count; i++) job += sumLengths([`{${writeTable(jobs.at(i)).join(',')}}`]);
        expect(LAYOUT_NAMES.map((name) => measureTables(closedForm, range, name, jobs))).toEqual([
          { signatures, files: signatures, bytes: signature },
          { signatures, files: jobs.count, bytes: job },
          { signatures, files: 1n, bytes: single },
        ]);
      }),
    );
  });

  it('measures the tables of 1e9 in jobs, and ranges of any size', () => {
    const plan = (range: Range, chunk = chooseChunk(range, 'job')): object =>
      measureTables(closedForm, range, 'job', splitIntoJobs(range, chunk));
    // The sum over the 1000 jobs, each one's keys listed.
    const billion = { signatures: 5608n, files: 1000n, bytes: 9_918_526_078n };
    expect(plan({ start: 10n, end: 10n ** 9n })).toEqual(billion);
    const original = { signatures: 3649n, files: 640n, bytes: 60_940_800n };
    expect(plan({ start: 1_200_000n, end: 7_600_000n }, 10_000n)).toEqual(original);
    expect(plan({ start: 10n, end: 10n ** 1000n })).toMatchObject({ files: 10_000n });
  });
});
