import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readyReduced } from '../../../src/signatures/plug-in/built-in.js';
import { keyOf } from '../../../src/signatures/reduced/key.js';

describe('the built-in signature, ready', () => {
  it('gives the key of every small number', () => {
    for (let n = 10; n < 120_000; n++) expect(readyReduced.keyOf(n)).toBe(keyOf(BigInt(n)));
  });

  it('gives the key of any number and bigint', () => {
    const numbers = fc.oneof(
      fc.maxSafeNat(),
      fc.integer({ min: 10, max: 90 }).map((n) => n * 1e14),
    );
    fc.assert(
      fc.property(numbers, (n) => {
        fc.pre(n >= 10);
        expect(readyReduced.keyOf(n)).toBe(keyOf(BigInt(n)));
      }),
      { numRuns: 5000 },
    );
    for (const n of [2 ** 53 - 1, 8_999_999_999_999_999, 9e15, 8_999_999_999_999_900, 1e15]) {
      expect(readyReduced.keyOf(n)).toBe(keyOf(BigInt(n)));
    }
    expect(readyReduced.keyOf(10n ** 30n)).toBe('3020');
  });

  it('has no key below 10', () => {
    for (const n of [0, 9, -1]) expect(() => readyReduced.keyOf(n)).toThrow(RangeError);
  });
});
