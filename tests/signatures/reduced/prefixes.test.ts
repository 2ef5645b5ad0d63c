import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tallyPrefixes } from '../../../src/signatures/reduced/prefix-tally.js';
import {
  findFirstPrefixes,
  findLastPrefixes,
  type PrefixSet,
} from '../../../src/signatures/reduced/prefixes.js';

const SETS = ['plain', 'tailed'] as const;

function targetOf(set: PrefixSet, m: bigint): number {
  const digits = String(m);
  const sum = [...digits].reduce((total, digit) => total + Number(digit), 0);
  return set === 'plain' ? sum : sum + (digits.length - digits.replace(/0+$/, '').length);
}

/** Intervals of prefixes: anywhere below 20,000, and short ones beside powers of ten and other round numbers. */
const intervals = fc.oneof(
  fc
    .tuple(fc.bigInt(1n, 20_000n), fc.bigInt(1n, 20_000n))
    .map(([a, b]) => (a < b ? { from: a, below: b } : { from: b, below: a })),
  fc
    .tuple(
      fc.constantFrom(10n ** 6n, 12n * 10n ** 9n, 10n ** 16n, 2n ** 53n, 10n ** 30n, 10n ** 31n + 10n ** 4n),
      fc.bigInt(0n, 2000n),
      fc.bigInt(0n, 2000n),
    )
    .map(([at, before, behind]) => ({ from: at - before, below: at + behind })),
);

describe('tallyPrefixes', () => {
  it('counts what a scan counts', () => {
    fc.assert(
      fc.property(intervals, ({ from, below }) => {
        const tally = tallyPrefixes(from, below);
        for (const set of SETS) {
          const counts = tally[set].counts.map(() => 0n);
          const bytes = tally[set].counts.map(() => 0n);
          for (let m = from; m < below; m++) {
            counts[targetOf(set, m)]! += 1n;
            bytes[targetOf(set, m)]! += BigInt(`${m}00,`.length);
          }
          expect(tally[set].counts).toEqual(counts);
          expect(tally[set].bytes).toEqual(bytes);
        }
      }),
    );
  });

  it('counts every prefix once at any size', () => {
    for (const below of [10n ** 18n + 12_345n, 10n ** 100n, 10n ** 300n - 1n]) {
      for (const from of [1n, 987_654_321n]) {
        for (const set of SETS) {
          const total = tallyPrefixes(from, below)[set].counts.reduce((sum, count) => sum + count, 0n);
          expect(total).toBe(below - from);
        }
      }
    }
  });
});

describe('findFirstPrefixes and findLastPrefixes', () => {
  it('find what a scan finds', () => {
    fc.assert(
      fc.property(intervals, ({ from, below }) => {
        const first = findFirstPrefixes(from, below);
        const last = findLastPrefixes(from, below);
        for (const set of SETS) {
          const firsts = first[set].map((): bigint | undefined => undefined);
          const lasts = last[set].map((): bigint | undefined => undefined);
          for (let m = from; m < below; m++) {
            firsts[targetOf(set, m)] ??= m;
            lasts[targetOf(set, m)] = m;
          }
          expect(first[set]).toEqual(firsts);
          expect(last[set]).toEqual(lasts);
        }
      }),
    );
  });

  it('find the one prefix of a rare target', () => {
    const first = findFirstPrefixes(2n, 10n ** 30n);
    expect(first.tailed[1]).toBeUndefined();
    expect(first.plain[1]).toBe(10n);
    expect(first.plain[270]).toBe(10n ** 30n - 1n);
    expect(findLastPrefixes(1n, 10n ** 30n).plain[9]).toBe(9n * 10n ** 29n);
    expect(findLastPrefixes(1n, 10n ** 30n).tailed[1]).toBe(1n);
  });
});
