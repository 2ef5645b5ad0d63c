import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openAggregate } from '../../src/aggregates/open-aggregate.js';
import { partitionsFor, sliceLimitsFor, tableLimitsFor } from '../../src/buckets/grouping-limits.js';
import { MAX_PARTITIONS } from '../../src/limits.js';

const MB = 2 ** 20;
const range = { start: 0n, end: 10n ** 8n };

describe('the limits of slices', () => {
  it('are at least one number, and follow the budget for lists alone', () => {
    const arbitraryBudget = fc.integer({ min: 1, max: 2 ** 40 });
    fc.assert(
      fc.property(
        arbitraryBudget,
        fc.constantFrom('list', 'sum'),
        fc.constantFrom(20n, 10n ** 300n),
        (budget, name, end) => {
          for (const limitsFor of [sliceLimitsFor, tableLimitsFor]) {
            const limits = limitsFor(budget, { start: 0n, end }, openAggregate(name)!);
            for (const limit of Object.values(limits)) {
              expect(Number.isSafeInteger(limit)).toBe(true);
              expect(limit).toBeGreaterThanOrEqual(1);
            }
          }
        },
      ),
    );
    const sum = openAggregate('sum')!;
    expect(sliceLimitsFor(MB, range, sum)).toEqual(sliceLimitsFor(1000 * MB, range, sum));
    expect(sliceLimitsFor(300 * MB, range, openAggregate('list')!).numbers).toBe(1e6);
    expect(sliceLimitsFor(20 * MB, range, openAggregate('list')!).numbers).toBe(200_000);
  });
});

describe('the number of partitions', () => {
  it('is enough for every number to be its own key, and bounded', () => {
    expect(partitionsFor(1n, 300 * MB)).toBe(1);
    expect(partitionsFor(10n ** 6n, 300 * MB)).toBe(10);
    expect(partitionsFor(10n ** 7n, 300 * MB)).toBe(16);
    expect(partitionsFor(10n ** 8n, 300 * MB)).toBe(83);
    expect(partitionsFor(10n ** 8n, 1)).toBe(1000);
    expect(partitionsFor(10n ** 18n, 300 * MB)).toBe(MAX_PARTITIONS);
  });
});
