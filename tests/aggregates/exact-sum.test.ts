import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumAggregate } from '../../src/aggregates/sum.js';

type Value = number | bigint;

/** The text of the sum of `values`, cut into chunks of `size` that pass as bytes, as in a spool. */
function sumOf(values: readonly Value[], size: number): string {
  const whole = sumAggregate.createColumn();
  whole.open(0);
  for (let start = 0; start < values.length; start += size) {
    const chunk = sumAggregate.createColumn();
    chunk.open(0);
    for (const value of values.slice(start, start + size)) chunk.add(0, 0, value);
    whole.absorb(0, chunk.encode(0, 0).slice(), 0);
  }
  return whole.finish(0, 0);
}

describe('sums of fractions', () => {
  it.each<[string, Value[], string]>([
    ['1e300 - 1e300', [1e300, 1, -1e300], '1'],
    ['an overflow in between', [1e308, 1e308, -1e308], '1e+308'],
    ['2^53 and five hundred ones', [2 ** 53, ...Array<number>(500).fill(1)], String(2 ** 53 + 500)],
    ['bigints mixed with fractions', [10n ** 30n, 0.5, -(10n ** 30n)], '0.5'],
    ['tenths', [1, 2, 3, 0.1, 0.1, 0.1, 0.7], '7'],
    ['subnormals', [5e-324, 5e-324, 0.5, -0.5], '1e-323'],
    ['a tie that a last bit decides', [1, 2 ** -53, 5e-324], '1.0000000000000002'],
    ['a tie to even', [1, 2 ** -53, 0], '1'],
    ['the negative of a great one', [-1.7976931348623157e308, 0.25], '-1.7976931348623157e+308'],
  ])('adds %s exactly, however it is cut', (_name, values, expected) => {
    for (const size of [1, 2, 3, values.length]) {
      expect(sumOf(values, size)).toBe(expected);
      expect(sumOf(values.toReversed(), size)).toBe(expected);
    }
  });

  it('depend neither on the order nor on the cuts', () => {
    const value = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }),
      fc.bigInt(),
    );
    const values = fc.array(value, { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 20 }), (list, size) => {
        expect(sumOf(list.toReversed(), size)).toBe(sumOf(list, list.length));
      }),
    );
  });
});
