import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tallyPrefixes } from '../../../src/signatures/reduced/prefix-tally.js';
import { nextPrefix, previousPrefix, type PrefixSet } from '../../../src/signatures/reduced/prefixes.js';

function targetOf(set: PrefixSet, m: number): number {
  const digits = String(m);
  const sum = [...digits].reduce((total, digit) => total + Number(digit), 0);
  return set === 'plain' ? sum : sum + (digits.length - digits.replace(/0+$/, '').length);
}

const sets = fc.constantFrom<PrefixSet>('plain', 'tailed');

describe('tallyPrefixes', () => {
  it('counts what a scan counts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 12_000 }), sets, (limit, set) => {
        const counts: bigint[] = [];
        const digits: bigint[] = [];
        for (let m = 1; m < limit; m++) {
          const t = targetOf(set, m);
          counts[t] = (counts[t] ?? 0n) + 1n;
          digits[t] = (digits[t] ?? 0n) + BigInt(String(m).length);
        }
        const tally = tallyPrefixes(BigInt(limit))[set];
        for (let t = 0; t < 60; t++) {
          expect(tally.counts[t] ?? 0n).toBe(counts[t] ?? 0n);
          expect(tally.digits[t] ?? 0n).toBe(digits[t] ?? 0n);
        }
      }),
    );
  });

  it('counts every prefix once at any size', () => {
    for (const limit of [10n ** 18n + 12_345n, 10n ** 100n, 10n ** 300n - 1n]) {
      for (const set of ['plain', 'tailed'] as const) {
        const total = tallyPrefixes(limit)[set].counts.reduce((sum, count) => sum + count, 0n);
        expect(total).toBe(limit - 1n);
      }
    }
  });
});

describe('nextPrefix and previousPrefix', () => {
  it('find what a scan finds', () => {
    const bound = fc.integer({ min: 1, max: 20_000 });
    fc.assert(
      fc.property(sets, fc.integer({ min: 1, max: 40 }), bound, bound, (set, target, a, b) => {
        const [from, below] = a < b ? [a, b] : [b, a];
        const found: number[] = [];
        for (let m = from; m < below; m++) if (targetOf(set, m) === target) found.push(m);
        const next = nextPrefix(set, target, BigInt(from), BigInt(below));
        const previous = previousPrefix(set, target, BigInt(from), BigInt(below));
        expect(next).toBe(found[0] === undefined ? undefined : BigInt(found[0]));
        expect(previous).toBe(found.length === 0 ? undefined : BigInt(found.at(-1) ?? 0));
      }),
      { numRuns: 500 },
    );
  });

  it('end where a target has no further member', () => {
    expect(nextPrefix('tailed', 1, 2n, 10n ** 30n)).toBeUndefined();
    expect(nextPrefix('plain', 1, 2n, 10n ** 30n)).toBe(10n);
    expect(previousPrefix('plain', 9, 1n, 10n ** 30n)).toBe(9n * 10n ** 29n);
  });
});
