import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutNumbers, NumberMisplaced, visitNumbers, type NumberRun } from '../../src/tables/number-text.js';

const arbitraryNumbers = fc
  .uniqueArray(
    fc.oneof(fc.bigInt({ min: 0n, max: 3000n }), fc.bigInt({ min: 10n ** 15n - 50n, max: 10n ** 17n })),
    {
      minLength: 1,
      maxLength: 60,
    },
  )
  .map((numbers) => numbers.sort((a, b) => (a < b ? -1 : 1)));

describe('a text of numbers', () => {
  it('is cut at the bounds, into runs that tell what they hold', () => {
    fc.assert(
      fc.property(arbitraryNumbers, fc.bigInt({ min: 1n, max: 2000n }), (numbers, chunk) => {
        const text = Buffer.from(numbers.join(','));
        const runs: NumberRun[] = [];
        const last = cutNumbers(
          text,
          -1,
          (n) => (BigInt(n) / chunk + 1n) * chunk,
          (run) => runs.push(run),
        );
        const expected = new Map<bigint, bigint[]>();
        for (const n of numbers) expected.set(n / chunk, [...(expected.get(n / chunk) ?? []), n]);
        expect(runs.map(({ from, to }) => text.toString('latin1', from, to))).toEqual(
          [...expected.values()].map((group) => group.join(',')),
        );
        expect(runs.map(({ count, first, last: end }) => [count, BigInt(first), BigInt(end)])).toEqual(
          [...expected.values()].map((group) => [group.length, group[0], group.at(-1)]),
        );
        expect(BigInt(last)).toBe(numbers.at(-1));
        const visited: bigint[] = [];
        visitNumbers(text, (n) => visited.push(BigInt(n)));
        expect(visited).toEqual(numbers);
      }),
    );
  });

  it.each([
    ['', 0],
    ['1,', 2],
    ['1,,2', 2],
    ['01', 0],
    ['1,x', 2],
    ['5,5', 2],
    ['7,12,9', 5],
    ['99999999999999999,9999999999999999', 18],
  ])('%s is none, and it is said where', (text, at) => {
    const cut = (): unknown =>
      cutNumbers(
        Buffer.from(text),
        -1,
        () => Infinity,
        () => undefined,
      );
    expect(cut).toThrow(NumberMisplaced);
    try {
      cut();
    } catch (error) {
      expect((error as NumberMisplaced).at).toBe(at);
    }
  });
});
