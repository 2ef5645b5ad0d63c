import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitIntoJobs } from '../../src/range/jobs.js';
import type { Range } from '../../src/range/range.js';

function listJobs(range: Range, chunk: bigint): Range[] {
  const jobs = splitIntoJobs(range, chunk);
  return Array.from({ length: Number(jobs.count) }, (_, index) => jobs.at(BigInt(index)));
}

describe('splitIntoJobs', () => {
  it('cuts at multiples of the chunk', () => {
    expect(listJobs({ start: 10n, end: 25n }, 10n)).toEqual([
      { start: 10n, end: 20n },
      { start: 20n, end: 25n },
    ]);
    expect(listJobs({ start: 15n, end: 41n }, 10n)).toEqual([
      { start: 15n, end: 20n },
      { start: 20n, end: 30n },
      { start: 30n, end: 40n },
      { start: 40n, end: 41n },
    ]);
    expect(listJobs({ start: 17n, end: 18n }, 1000n)).toEqual([{ start: 17n, end: 18n }]);
  });

  it('gives the 640 jobs of the original', () => {
    const jobs = splitIntoJobs({ start: 1_200_000n, end: 7_600_000n }, 10_000n);
    expect(jobs.count).toBe(640n);
    expect(jobs.at(0n)).toEqual({ start: 1_200_000n, end: 1_210_000n });
    expect(jobs.at(639n)).toEqual({ start: 7_590_000n, end: 7_600_000n });
  });

  it('tiles the range exactly', () => {
    const offset = fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 10n ** 40n }));
    const size = fc.bigInt({ min: 1n, max: 2000n });
    const chunk = fc.bigInt({ min: 1n, max: 300n });
    fc.assert(
      fc.property(offset, size, chunk, (start, numbers, chunk) => {
        const end = start + numbers;
        const jobs = listJobs({ start, end }, chunk);
        expect(jobs[0]?.start).toBe(start);
        expect(jobs.at(-1)?.end).toBe(end);
        jobs.forEach((job, index) => {
          expect(job.start < job.end).toBe(true);
          expect(job.end - job.start <= chunk).toBe(true);
          if (index > 0) expect(job.start).toBe(jobs[index - 1]?.end);
          if (index > 0) expect(job.start % chunk).toBe(0n);
        });
      }),
    );
  });

  it('counts and finds jobs without a list of them', () => {
    const jobs = splitIntoJobs({ start: 10n, end: 10n ** 100n }, 10n ** 6n);
    expect(jobs.count).toBe(10n ** 94n);
    expect(jobs.at(0n)).toEqual({ start: 10n, end: 10n ** 6n });
    expect(jobs.at(10n ** 94n - 1n)).toEqual({ start: 10n ** 100n - 10n ** 6n, end: 10n ** 100n });
  });

  it('has no job in an empty range', () => {
    expect(splitIntoJobs({ start: 15n, end: 15n }, 10n).count).toBe(0n);
  });

  it('refuses a chunk below 1 and jobs that are not there', () => {
    const range = { start: 10n, end: 30n };
    for (const chunk of [0n, -1n]) expect(() => splitIntoJobs(range, chunk)).toThrow(RangeError);
    for (const index of [-1n, 2n]) expect(() => splitIntoJobs(range, 10n).at(index)).toThrow(RangeError);
  });
});
