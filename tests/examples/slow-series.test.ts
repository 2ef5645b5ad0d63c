import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openExample } from './open-example.js';
import { sumWithoutNines } from './series-sum.js';

/** By R. Baillie's recursion in 60-digit decimals, and by Python's correctly rounded math.fsum over all 43,046,720 terms. */
const SUM_TO_1E8 = 13.277605939854023;

const { keyOf, valueOf } = await openExample('slow-series/slow-series.js');

test('numbers with a 9 are left out, all others have the same key', () => {
  const whole = fc.oneof(
    fc.integer({ min: 1, max: 1e4 }),
    fc.integer({ min: 2 ** 31 - 1000, max: 2 ** 32 + 1000 }),
    fc.maxSafeNat(),
    fc.bigInt({ min: 2n ** 53n, max: 10n ** 30n }),
  );
  fc.assert(
    fc.property(whole, (n) => {
      expect(keyOf(n)).toBe(String(n).includes('9') ? null : 'no 9');
    }),
    { numRuns: 1000 },
  );
});

test('the value of n is 1/n, of a bigint too', () => {
  expect(valueOf?.(8)).toBe(0.125);
  expect(valueOf?.(10n ** 20n)).toBe(1e-20);
});

test('the terms below a million add up to what the recursion says', () => {
  expect(Math.abs(addTerms(1e6) - sumWithoutNines(6))).toBeLessThan(1e-12);
});

test('the recursion gives the known sum of the terms below 1e8', () => {
  expect(Math.abs(sumWithoutNines(8) - SUM_TO_1E8)).toBeLessThan(1e-14);
});

function addTerms(end: number): number {
  let sum = 0;
  for (let n = 1; n < end; n++) if (keyOf(n) !== null) sum += valueOf?.(n) as number;
  return sum;
}
