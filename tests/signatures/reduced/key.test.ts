import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyOf, keyOfDecimal } from '../../../src/signatures/reduced/key.js';
import { readReferenceSignatures } from '../../fixtures/reference-signatures.js';
import { signByLiteralLoop } from './literal-loop.js';

const vectors = readReferenceSignatures();

describe('keyOf', () => {
  it('equals the literal loop for every number below 20,000', () => {
    const differing = [];
    for (let n = 10n; n < 20_000n; n += 1n) if (keyOf(n) !== signByLiteralLoop(n)) differing.push(n);
    expect(differing).toEqual([]);
  });

  it('equals the literal loop for random numbers up to 10^40', () => {
    const digits = fc.integer({ min: 2, max: 40 });
    const numbers = digits.chain((count) =>
      fc.bigInt({ min: 10n ** BigInt(count - 1), max: 10n ** BigInt(count) }),
    );
    fc.assert(fc.property(numbers, (n) => keyOf(n) === signByLiteralLoop(n)));
  });

  it('equals the literal loop where zeros end a number', () => {
    const zeroEnded = fc
      .tuple(
        fc.bigInt({ min: 1n, max: 10n ** 12n }),
        fc.integer({ min: 1, max: 28 }),
        fc.bigInt({ min: 0n, max: 20n }),
      )
      .map(([head, zeros, rest]) => head * 10n ** BigInt(zeros) + rest)
      .filter((n) => n >= 10n);
    fc.assert(fc.property(zeroEnded, (n) => keyOf(n) === signByLiteralLoop(n)));
  });

  it('gives what the original program printed', () => {
    expect(vectors).toHaveLength(4479);
    expect(vectors.filter(({ n, key }) => keyOf(n) !== key)).toEqual([]);
  });

  it('refuses numbers below 10', () => {
    for (const n of [9n, 1n, 0n, -1n, -1234n]) expect(() => keyOf(n)).toThrow(RangeError);
  });
});

describe('keyOfDecimal', () => {
  it('takes a million digits', () => {
    // 1 + 999,998 nines; the last two digits stay.
    expect(keyOfDecimal('9'.repeat(1_000_000))).toBe(`${1 + 9 * 999_998}99`);
    expect(keyOfDecimal(`1${'0'.repeat(999_999)}`)).toBe(`${1 + 1 + 999_997}20`);
  });

  it('refuses what is not a number from 10 on in plain digits', () => {
    for (const text of ['', '9', '007', '1e9', '-12', ' 12', '12 ', '12\n', '1.5', '1\u013012']) {
      expect(() => keyOfDecimal(text), JSON.stringify(text)).toThrow(RangeError);
    }
  });
});

describe('the literal loop', () => {
  it('gives what the original program printed', () => {
    expect(vectors.filter(({ n, key }) => signByLiteralLoop(n) !== key)).toEqual([]);
  });
});
