import { describe, expect, it } from 'vitest';
import { isExact, isJoinable, toPartialResult } from '../../src/aggregates/finished.js';
import { requireAggregate } from '../../src/aggregates/open-aggregate.js';

/** Puts results together as a merge does. */
function join(aggregate: string, ...texts: readonly string[]): string {
  const column = requireAggregate(aggregate).createColumn();
  column.open(0);
  for (const text of texts) column.absorb(0, toPartialResult(text), 0);
  return column.finish(0, 0);
}

describe('results of aggregates', () => {
  it('are put together as their numbers would be', () => {
    expect(join('count', '3', '4')).toBe('7');
    expect(join('sum', '9007199254740991', '-1', '9007199254740992')).toBe('18014398509481982');
    expect(join('min', '2.5', '-3', '7')).toBe('-3');
    expect(join('max', '2.5', '1e+21', '90071992547409930')).toBe('1e+21');
    expect(join('max', '90071992547409930', '90071992547409931')).toBe('90071992547409931');
  });

  it('are refused where that is not exact', () => {
    expect(['count', 'sum', 'min', 'max', 'mean'].map(isJoinable)).toEqual([true, true, true, true, false]);
    expect(['5', '-5', '2.5', '1e+21', '""'].map((text) => isExact('sum', text, false))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(['2.5', '1e+21', '', 'x', '[]'].map((text) => isExact('max', text, false))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
