import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BucketTally } from '../../../src/signatures/reduced/bucket-tally.js';
import { bucketSizes, firstMembers, lastMembers } from '../../../src/signatures/reduced/census.js';
import { arbitraryRanges, scanBuckets } from './ranges.js';

const ranges = arbitraryRanges(4000n);

function measure(numbers: readonly bigint[]): bigint {
  return numbers.reduce((bytes, n) => bytes + BigInt(`${n},`.length), 0n);
}

describe('the census', () => {
  it('finds the first and last members that a scan finds', () => {
    fc.assert(
      fc.property(ranges, (range) => {
        const buckets = [...scanBuckets(range)];
        expect(firstMembers(range)).toEqual(buckets.map(([key, numbers]) => ({ key, number: numbers[0] })));
        const lasts = lastMembers(range).map(({ key, number }): [string, bigint] => [key, number]);
        expect(new Map(lasts)).toEqual(new Map(buckets.map(([key, numbers]) => [key, numbers.at(-1)])));
        expect(lasts).toHaveLength(buckets.length);
      }),
    );
  });

  it('measures the buckets as a scan does, in the order of their first members', () => {
    fc.assert(
      fc.property(ranges, (range) => {
        const expected = Array.from(scanBuckets(range), ([key, numbers]) => ({
          key,
          bytes: measure(numbers),
        }));
        expect(bucketSizes(range)).toEqual(expected);
      }),
    );
  });
});

describe('BucketTally', () => {
  it('counts what a scan counts, and nothing for other keys', () => {
    fc.assert(
      fc.property(ranges, (range) => {
        const tally = new BucketTally(range);
        const buckets = scanBuckets(range);
        for (const [key, numbers] of buckets) {
          expect(tally.count(key)).toBe(BigInt(numbers.length));
          expect(tally.bytes(key)).toBe(measure(numbers));
        }
        for (const key of ['', '0', '166', '0010', '0009', '0211x', '-211', '99999999999', '9'.repeat(400)]) {
          expect(tally.count(key)).toBe(BigInt(buckets.get(key)?.length ?? 0));
        }
        for (const [key] of buckets) expect(tally.count(`0${key}`)).toBe(0n);
      }),
    );
  });

  it('counts every number of a huge range once', () => {
    for (const range of [
      { start: 10n, end: 10n ** 40n },
      { start: 123_456_789n, end: 7n * 10n ** 60n + 77n },
    ]) {
      const tally = new BucketTally(range);
      const total = firstMembers(range).reduce((sum, { key }) => sum + tally.count(key), 0n);
      expect(total).toBe(range.end - range.start);
    }
  });
});
