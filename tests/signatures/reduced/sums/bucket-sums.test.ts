import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { formatKey } from '../../../../src/signatures/reduced/residues.js';
import { sumOfBucket, sumsWithin } from '../../../../src/signatures/reduced/sums/bucket-sums.js';
import { countStrings } from '../digit-strings.js';
import { arbitraryRanges, scanBuckets } from '../ranges.js';
import { signByLiteralLoop } from '../literal-loop.js';

function addUp(numbers: readonly bigint[]): bigint {
  return numbers.reduce((sum, n) => sum + n, 0n);
}

/** What those strings add up to: each place holds each digit equally often. */
function sumStrings(k: bigint, t: bigint): bigint {
  if (k === 0n) return 0n;
  return (((10n ** k - 1n) / 9n) * t * countStrings(k, t)) / k;
}

/** Strings of `k` digits that do not end in 0, of digit sum `t`: how many, and their sum. */
function countEnded(k: bigint, t: bigint): { count: bigint; sum: bigint } {
  return {
    count: countStrings(k, t) - countStrings(k - 1n, t),
    sum: sumStrings(k, t) - 10n * sumStrings(k - 1n, t),
  };
}

/** The sum of the bucket of numbers from 100 to before 10^`digits`: prefixes of digit sum, or that and zeros, `target`. */
function sumByFormula(digits: bigint, target: bigint, last: bigint): bigint {
  const k = digits - 2n;
  const plain = 100n * sumStrings(k, target) + last * countStrings(k, target);
  if (last > 20n) return plain;
  let [count, sum] = [0n, 0n];
  for (let zeros = 0n; zeros < k && zeros < target; zeros++) {
    const ended = countEnded(k - zeros, target - zeros);
    count += ended.count;
    sum += 10n ** zeros * ended.sum;
  }
  const residues = last === 20n ? [0n, 10n] : [last - 10n];
  return residues.reduce((total, residue) => total + 100n * sum + residue * count, plain);
}

describe('the sums of buckets', () => {
  it('are what a scan adds up, bucket by bucket', () => {
    fc.assert(
      fc.property(arbitraryRanges(4000n), (range) => {
        const sums = sumsWithin(range);
        const buckets = [...scanBuckets(range)];
        for (const [key, numbers] of buckets) expect(sums.sum(key)).toBe(addUp(numbers));
        for (const [key, numbers] of [...buckets.slice(0, 2), ...buckets.slice(-2)]) {
          expect(sumOfBucket(key, range)).toBe(addUp(numbers));
        }
      }),
    );
  });

  it('are what the literal loop groups, for all keys that there are', () => {
    const expected = new Map<string, bigint>();
    const range = { start: 10n, end: 123_457n };
    for (let n = range.start; n < range.end; n++) {
      const key = signByLiteralLoop(n);
      expected.set(key, (expected.get(key) ?? 0n) + n);
    }
    const sums = sumsWithin(range);
    for (let target = 1; target < 60; target++) {
      for (let last = 10; last < 100; last++) {
        const key = formatKey({ target, last });
        expect([key, sums.sum(key)]).toEqual([key, expected.get(key) ?? 0n]);
        expect([key, sumOfBucket(key, range)]).toEqual([key, expected.get(key) ?? 0n]);
      }
    }
  });

  test.each([12n, 20n, 40n])('below 10^%s follow from symmetry and binomials', (digits) => {
    const range = { start: 100n, end: 10n ** digits };
    const sums = sumsWithin(range);
    for (const last of [11n, 19n, 20n, 21n, 99n]) {
      for (const target of [2n, 27n, digits, 4n * digits, 9n * (digits - 2n)]) {
        const key = formatKey({ target: Number(target), last: Number(last) });
        expect(sums.sum(key)).toBe(sumByFormula(digits, target, last));
        expect(sumOfBucket(key, range)).toBe(sumByFormula(digits, target, last));
      }
    }
  });

  it('of all buckets make up the range, also where both ends cut prefixes', () => {
    const range = { start: 98_765_432_109n, end: 10n ** 21n - 1_234_567n };
    const sums = sumsWithin(range);
    let total = 0n;
    for (let target = 1; target <= 190; target++) {
      for (let last = 10; last < 100; last++) total += sums.sum(formatKey({ target, last }));
    }
    expect(total).toBe(((range.start + range.end - 1n) * (range.end - range.start)) / 2n);
  });

  it('add up where a range is cut', () => {
    fc.assert(
      fc.property(
        fc.bigInt(10n, 10n ** 40n),
        fc.bigInt(1n, 10n ** 40n),
        fc.bigInt(0n, 10n ** 41n),
        (start, size, at) => {
          const end = start + size;
          const cut = start + (at % size);
          for (const key of ['0211', '2820', '9920', '1667', '15099']) {
            const parts = sumOfBucket(key, { start, end: cut }) + sumOfBucket(key, { start: cut, end });
            expect(sumOfBucket(key, { start, end })).toBe(parts);
          }
        },
      ),
    );
  });

  it('are 0 for what is no key', () => {
    const range = { start: 10n, end: 10n ** 6n };
    for (const key of ['', '0', '166', '0010', '0009', '0211x', '-211', '99999999999', '9'.repeat(400)]) {
      expect(sumsWithin(range).sum(key)).toBe(0n);
      expect(sumOfBucket(key, range)).toBe(0n);
    }
  });
});
