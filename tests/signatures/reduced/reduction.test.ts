import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainReduction } from '../../../src/signatures/reduced/reduction.js';
import { readReferenceSignatures } from '../../fixtures/reference-signatures.js';

describe('explainReduction', () => {
  it('shows every repeat of the loop', () => {
    expect([...explainReduction(1120n)]).toEqual([
      { step: 2, before: 1120n, power: 100n, subtracted: 10, after: 120n },
      { step: 3, before: 120n, power: 10n, subtracted: 10, after: 20n },
    ]);
    expect([...explainReduction(1000n)]).toEqual([
      { step: 2, before: 1000n, power: 100n, subtracted: 9, after: 100n },
      { step: 3, before: 100n, power: 10n, subtracted: 8, after: 20n },
    ]);
    expect([...explainReduction(10n)]).toEqual([
      { step: 2, before: 10n, power: 1n, subtracted: 0, after: 10n },
    ]);
  });

  it('ends at the steps and the rest that the original program printed', () => {
    for (const { n, key } of readReferenceSignatures()) {
      const last = [...explainReduction(n)].at(-1);
      expect(`${String(last?.step).padStart(2, '0')}${last?.after}`, String(n)).toBe(key);
    }
  });

  it('subtracts as often as the definition allows, each step from where the last one ended', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 10n, max: 10n ** 30n }), (n) => {
        let expectedBefore = n;
        for (const { before, power, subtracted, after } of explainReduction(n)) {
          expect(before).toBe(expectedBefore);
          expect(power).toBe(10n ** BigInt(String(before).length - 2));
          expect(after).toBe(before - power * BigInt(subtracted));
          expect(subtracted === 10 || after - power <= 10n).toBe(true);
          expect(subtracted === 0 || after > 10n).toBe(true);
          expectedBefore = after;
        }
      }),
    );
  });

  it('computes a step when it is asked for', () => {
    const steps = explainReduction(10n ** 5000n + 12n);
    expect(steps.next().value).toMatchObject({ step: 2, subtracted: 10, after: 12n });
    const first = explainReduction(9n * 10n ** 100_000n).next().value;
    expect(first).toMatchObject({ step: 2, subtracted: 10 });
  });

  it('refuses numbers below 10, for which the loop never ends', () => {
    for (const n of [9n, 0n, -5n]) expect(() => explainReduction(n).next()).toThrow(RangeError);
  });
});
