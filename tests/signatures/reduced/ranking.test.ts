import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyOf } from '../../../src/signatures/reduced/key.js';
import { rank, select } from '../../../src/signatures/reduced/ranking.js';
import { reducedSignature } from '../../../src/signatures/reduced/signature.js';

const BRUTE_END = 120_000;

/** Numbers of up to so many digits, with many zeros among them. */
function numbers(maxDigits: number): fc.Arbitrary<bigint> {
  const digit = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 9 }));
  return fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.array(digit, { minLength: 1, maxLength: maxDigits - 1 }))
    .map(([first, rest]) => BigInt([first, ...rest].join('')));
}

function listBuckets(end: number): Map<string, bigint[]> {
  const buckets = new Map<string, bigint[]>();
  for (let n = 10n; n < end; n++) {
    const key = keyOf(n);
    const members = buckets.get(key);
    if (members) members.push(n);
    else buckets.set(key, [n]);
  }
  return buckets;
}

test('every member of every bucket below 120,000 has its index as rank, and is selected by it', () => {
  for (const [key, members] of listBuckets(BRUTE_END)) {
    members.forEach((n, index) => {
      if (rank(key, n) !== BigInt(index) || select(key, BigInt(index)) !== n) {
        expect({ key, index, rank: rank(key, n), selected: select(key, BigInt(index)) }).toEqual({
          key,
          index,
          rank: BigInt(index),
          selected: n,
        });
      }
    });
    expect(rank(key, BigInt(BRUTE_END))).toBe(BigInt(members.length));
  }
});

test.each([[20], [60], [170]])('rank and select are inverse for numbers of up to %i digits', (digits) => {
  fc.assert(
    fc.property(numbers(digits), (n) => {
      const key = keyOf(n);
      const index = rank(key, n);
      expect(select(key, index)).toBe(n);
      expect(rank(key, n + 1n)).toBe(index + 1n);
    }),
    { numRuns: 150 },
  );
});

test('rank is what the tally of all buckets counts, for keys of any number', () => {
  const form = reducedSignature.closedForm;
  fc.assert(
    fc.property(numbers(40), numbers(40), (n, other) => {
      expect(rank(keyOf(other), n)).toBe(form.tally(n).count(keyOf(other)));
    }),
    { numRuns: 150 },
  );
});

test('a thousand digits are exact', () => {
  const n = BigInt(`8${'0370501'.repeat(142)}00005`);
  const key = keyOf(n);
  expect(select(key, rank(key, n))).toBe(n);
  expect(rank(key, n + 1n) - rank(key, n)).toBe(1n);
});

test('a bucket without such a member says so', () => {
  expect(() => select('1667', -1n)).toThrow(RangeError);
  expect(select('0210', 0n)).toBe(10n);
  for (const [key, index] of [
    ['0210', 1n],
    ['9x', 0n],
    ['0012', 0n],
    ['0105', 0n],
    ['9'.repeat(30), 0n],
  ] as const) {
    expect(() => select(key, index), key).toThrow(RangeError);
  }
  expect(rank('9x', 10n ** 20n)).toBe(0n);
  expect(rank('9'.repeat(30), 10n ** 20n)).toBe(0n);
});
