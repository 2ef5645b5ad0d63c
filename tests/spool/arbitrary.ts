import fc from 'fast-check';
import type { KeyFunction } from '../../src/buckets/grouping.js';
import type { Range } from '../../src/range/range.js';

const WEIRD_KEYS = [
  '__proto__',
  'constructor',
  '1',
  '01',
  '',
  '"',
  '\\',
  '\u0000\n',
  'é',
  '𝄞🎶',
  '\u2028',
  '-0',
  '1e21',
  'x'.repeat(300),
];

/** A function of a number that looks random but is always the same. */
function scramble(n: number | bigint, seed: number): number {
  const low = Number(BigInt.asUintN(32, BigInt(n)));
  const mixed = Math.imul(low ^ seed, 0x9e3779b1);
  return (Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) ^ (mixed >>> 13)) >>> 0;
}

/** Functions with few keys, with a key of its own for every number, with a frequent one, with numbers, texts and nulls. */
export const arbitraryKeyFunction: fc.Arbitrary<KeyFunction> = fc
  .record({
    seed: fc.integer(),
    kind: fc.constantFrom('few', 'distinct', 'skewed', 'numbers', 'weird', 'one', 'none'),
    keys: fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...WEIRD_KEYS)), {
      minLength: 1,
      maxLength: 20,
    }),
  })
  .map(({ seed, kind, keys }) => ({
    keyOf: (n) => {
      const random = scramble(n, seed);
      switch (kind) {
        case 'few':
          return keys[random % keys.length];
        case 'distinct':
          return `k${n}`;
        case 'skewed':
          return random % 10 > 0 ? 'often' : random % 70 > 0 ? null : `rare ${n}`;
        case 'numbers':
          return [random % 7, -0, -1.5, random, 65_536, 65_535, 1e21, null, '3'][random % 9];
        case 'weird':
          return WEIRD_KEYS[random % WEIRD_KEYS.length];
        case 'one':
          return 'all';
        default:
          return null;
      }
    },
  }));

/** Ranges of up to 400 numbers, at widths where digits come and at the end of the safe integers. */
export const arbitraryRange: fc.Arbitrary<Range> = fc
  .tuple(
    fc.constantFrom(0n, 9_900n, 99_999n, 123_456_789n, 2n ** 31n, 2n ** 53n, 10n ** 30n),
    fc.bigInt(-200n, 200n),
    fc.bigInt(1n, 400n),
  )
  .map(([around, shift, size]) => {
    const start = around + shift < 0n ? 0n : around + shift;
    return { start, end: start + size };
  });

/** Limits that cut slices short, and budgets for a few texts. */
export const arbitraryCuts = fc.record({
  chunk: fc.bigInt(1n, 200n),
  limits: fc.record({
    numbers: fc.integer({ min: 1, max: 300 }),
    keys: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 20 })),
    keyBytes: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 100 })),
  }),
  partitions: fc.integer({ min: 1, max: 9 }),
  budgetBytes: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 5000 }), fc.constant(1e6)),
});
