import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SHARD_CELLS_MIN } from '../../src/limits.js';
import { sizeOf, type Range } from '../../src/range/range.js';
import { cutShard } from '../../src/range/shards.js';

function cutAll(whole: Range, count: number, chunk: bigint): Range[] {
  return Array.from({ length: count }, (_, i) => cutShard(whole, { index: i + 1, count }, chunk));
}

const starts = fc.oneof(fc.bigInt(10n, 5000n), fc.constantFrom(10n ** 9n - 7n, 10n ** 30n, 2n ** 53n));
const sizes = fc.oneof(
  fc.bigInt(1n, 300n),
  fc.bigInt(1n, 10n ** 7n),
  fc.constantFrom(10n ** 12n, 10n ** 25n),
);
const chunks = fc.oneof(fc.bigInt(1n, 20_000n), fc.constantFrom(1000n, 10n ** 6n, 10n ** 8n, 10n ** 20n));

describe('cutShard', () => {
  it('cuts parts that abut, make up the whole and are never empty', () => {
    fc.assert(
      fc.property(starts, sizes, fc.integer({ min: 1, max: 50 }), chunks, (start, size, count, chunk) => {
        fc.pre(size >= BigInt(count));
        const whole = { start, end: start + size };
        const parts = cutAll(whole, count, chunk);
        expect(parts[0]?.start).toBe(whole.start);
        expect(parts.at(-1)?.end).toBe(whole.end);
        parts.forEach((part, i) => {
          expect(part.start).toBeLessThan(part.end);
          if (i > 0) expect(part.start).toBe(parts[i - 1]?.end);
        });
      }),
    );
  });

  it('cuts about equal parts at multiples of 100 where there are numbers enough', () => {
    fc.assert(
      fc.property(starts, fc.integer({ min: 1, max: 30 }), chunks, (start, count, chunk) => {
        const size = 100n * SHARD_CELLS_MIN * BigInt(count) + 12_345n;
        const parts = cutAll({ start, end: start + size }, count, chunk - (chunk % 100n) + 100n);
        const mean = size / BigInt(count);
        // The first and the last cell may be partial, and a sixteenth more or less comes from the cells.
        for (const part of parts) {
          expect(sizeOf(part)).toBeGreaterThan((mean * 3n) / 4n);
          expect(sizeOf(part)).toBeLessThan((mean * 5n) / 4n);
        }
        for (const { end } of parts.slice(0, -1)) expect(end % 100n).toBe(0n);
      }),
    );
  });

  it('cuts between jobs where there are jobs enough', () => {
    const parts = cutAll({ start: 10n, end: 10n ** 9n }, 9, 10n ** 6n);
    for (const { end } of parts) expect(end % 10n ** 6n).toBe(0n);
    const odd = cutAll({ start: 10n, end: 10n ** 6n }, 3, 1234n);
    for (const { end } of odd.slice(0, -1)) expect(end % 1234n).toBe(0n);
  });

  it('refuses parts that would be empty, and parts that there are none of', () => {
    expect(() => cutShard({ start: 10n, end: 15n }, { index: 1, count: 6 }, 1000n)).toThrow(RangeError);
    expect(() => cutShard({ start: 10n, end: 15n }, { index: 6, count: 5 }, 1000n)).toThrow(RangeError);
    expect(() => cutShard({ start: 10n, end: 15n }, { index: 0, count: 5 }, 1000n)).toThrow(RangeError);
  });
});
