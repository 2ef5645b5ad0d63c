import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitIntoJobs } from '../../../src/range/jobs.js';
import type { Range } from '../../../src/range/range.js';
import { measureJobKeys } from '../../../src/signatures/reduced/job-keys.js';
import type { KeyTotals } from '../../../src/signatures/signature.js';
import { arbitraryRanges, scanBuckets } from './ranges.js';

function scanJobKeys(range: Range, chunk: bigint): KeyTotals {
  let [keys, bytes] = [0n, 0n];
  const jobs = splitIntoJobs(range, chunk);
  for (let i = 0n; i < jobs.count; i++) {
    for (const key of scanBuckets(jobs.at(i)).keys()) {
      keys += 1n;
      bytes += BigInt(JSON.stringify(key).length);
    }
  }
  return { keys, bytes };
}

function addTotals(parts: readonly KeyTotals[]): KeyTotals {
  return {
    keys: parts.reduce((sum, { keys }) => sum + keys, 0n),
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0n),
  };
}

describe('measureJobKeys', () => {
  it('counts the keys that a scan finds, whatever the size of the jobs', () => {
    const odd = fc.bigInt(1n, 4000n);
    const round = fc.constantFrom(
      ...[1, 2, 4, 5, 8, 10, 16, 20, 25, 50, 64, 100, 125, 250, 500, 1000].map(BigInt),
    );
    fc.assert(
      fc.property(arbitraryRanges(5000n), fc.oneof(odd, round), (range, chunk) => {
        expect(measureJobKeys(splitIntoJobs(range, chunk))).toEqual(scanJobKeys(range, chunk));
      }),
      { numRuns: 400 },
    );
  });

  it('knows prefixes with more zeros than the digits behind them make up for', () => {
    for (const exponent of [3n, 11n, 12n, 13n, 14n, 20n, 21n, 30n, 35n]) {
      for (const head of [1n, 7n, 9_900n]) {
        const at = head * 10n ** exponent;
        for (const chunk of [10n, 100n, 125n, 500n, 1000n, 2000n]) {
          const range = { start: at - 4321n < 10n ? 10n : at - 4321n, end: at + 9876n };
          expect(measureJobKeys(splitIntoJobs(range, chunk))).toEqual(scanJobKeys(range, chunk));
        }
      }
    }
  });

  it('gives the same for a whole as for its parts, where blocks make up both', () => {
    const digits = fc.integer({ min: 1, max: 60 });
    const bounds = fc.tuple(digits, digits, fc.bigInt(1n, 10n ** 12n), fc.bigInt(1n, 10n ** 12n));
    fc.assert(
      fc.property(bounds, fc.constantFrom(2, 3, 5, 9), ([a, b, x, y], exponent) => {
        const chunk = 10n ** BigInt(exponent);
        const cuts = [0n, x * 10n ** BigInt(a), y * 10n ** BigInt(b)].sort((p, q) => (p < q ? -1 : 1));
        const [, middle = 0n, end = 0n] = cuts.map((cut) => (cut / chunk + 1n) * chunk);
        fc.pre(middle > 10n && end > middle);
        const of = (range: Range): KeyTotals => measureJobKeys(splitIntoJobs(range, chunk));
        const parts = [of({ start: 10n, end: middle }), of({ start: middle, end })];
        expect(of({ start: 10n, end })).toEqual(addTotals(parts));
      }),
    );
  });

  it('gives the same for few jobs, which are looked at, as for many', () => {
    const range = { start: 10n ** 14n, end: 10n ** 14n + 3n * 10n ** 8n };
    const jobs = splitIntoJobs(range, 1000n);
    let start = range.start;
    const parts: KeyTotals[] = [];
    // Two jobs at a time have no whole one between them, and are looked at.
    for (; start < range.end; start += 20_000_000n) {
      for (const at of [start, start + 2000n]) {
        parts.push(measureJobKeys(splitIntoJobs({ start: at, end: at + 2000n }, 1000n)));
      }
      const rest = { start: start + 4000n, end: start + 20_000_000n };
      parts.push(measureJobKeys(splitIntoJobs(rest, 1000n)));
    }
    expect(measureJobKeys(jobs)).toEqual(addTotals(parts));
  });

  it('refuses more jobs of an odd size than it looks at', () => {
    const range = { start: 10n, end: 10n ** 15n };
    expect(() => measureJobKeys(splitIntoJobs(range, 300_000n))).toThrow(
      /--chunk: 300000 makes .* such as 1e6/,
    );
    expect(() => measureJobKeys(splitIntoJobs(range, 250_000n))).not.toThrow();
  });
});
