import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Aggregate, AggregateDefinition } from '../../src/aggregates/aggregate.js';
import { AGGREGATE_NAMES, checkValue, openAggregate } from '../../src/aggregates/open-aggregate.js';
import { PlugInError } from '../../src/errors/spool.js';
import type { WholeNumber } from '../../src/range/whole-number.js';

type Value = number | bigint;

const arbitraryWhole: fc.Arbitrary<Value> = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt(-(2n ** 70n), 2n ** 70n),
);
const arbitraryValue: fc.Arbitrary<Value> = fc.oneof(
  arbitraryWhole,
  fc.double({ noNaN: true, min: -1e100, max: 1e100 }),
);

/** The aggregate of `values`, cut into pieces that pass through bytes and are merged in order. */
function aggregateInPieces(name: string, values: readonly Value[], pieces: number): string {
  const aggregate = openAggregate(name)!;
  const whole = aggregate.createColumn();
  whole.open(3);
  for (let i = 0; i < pieces; i++) {
    const piece = values.filter((_, at) => Math.floor((at * pieces) / values.length) === i);
    if (piece.length === 0) continue;
    const column = aggregate.createColumn();
    column.open(0);
    column.open(1);
    column.add(0, 0, 17);
    piece.forEach((value, n) => column.add(1, n, value));
    whole.absorb(3, column.encode(1, 0).slice(), 0);
  }
  return whole.finish(3, 0);
}

describe('the built-in aggregates', () => {
  it('are known by their names, and nothing else is', () => {
    for (const name of AGGREGATE_NAMES) expect(openAggregate(name)?.name).toBe(name);
    expect(openAggregate('toString')).toBeUndefined();
    expect(openAggregate('toString', {})).toBeUndefined();
  });

  it('sum whole values exactly, however they are cut', () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryWhole, { minLength: 1 }),
        fc.integer({ min: 1, max: 5 }),
        (values, pieces) => {
          const expected = values.reduce<bigint>((sum, value) => sum + BigInt(value), 0n);
          expect(aggregateInPieces('sum', values, pieces)).toBe(String(expected));
        },
      ),
    );
  });

  it('sum fractions exactly and round once, for any cut', () => {
    const numerators = fc.array(fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n }), { minLength: 1 });
    fc.assert(
      fc.property(numerators, fc.integer({ min: 1, max: 5 }), (list, pieces) => {
        const values = [0.5, ...list.map((numerator) => Number(numerator) / 2 ** 40)];
        const exact = list.reduce((sum, numerator) => sum + numerator, 2n ** 39n);
        expect(aggregateInPieces('sum', values, pieces)).toBe(String(Number(exact) / 2 ** 40));
      }),
    );
    expect(aggregateInPieces('sum', [2n ** 60n, 0.5, 1n, 1], 1)).toBe(String(2 ** 60));
    expect(aggregateInPieces('sum', [2 ** 53 - 1, 5, 0.5], 3)).toBe(String(2 ** 53 + 4));
  });

  it('find the least and the greatest value, number or bigint', () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryValue, { minLength: 1 }),
        fc.integer({ min: 1, max: 5 }),
        (values, pieces) => {
          const least = values.reduce((a, b) => (b < a ? b : a));
          const greatest = values.reduce((a, b) => (b > a ? b : a));
          expect(aggregateInPieces('min', values, pieces)).toBe(String(least));
          expect(aggregateInPieces('max', values, pieces)).toBe(String(greatest));
          expect(aggregateInPieces('count', values, pieces)).toBe(String(values.length));
        },
      ),
    );
  });

  it('make one value of numbers', () => {
    expect(aggregateNumbers(openAggregate('sum')!, [5, 7, 2n ** 60n])).toBe(String(2n ** 60n + 12n));
    expect(aggregateNumbers(openAggregate('max')!, [5, 7], (n) => -n)).toBe('-5');
    expect(aggregateNumbers(openAggregate('count')!, [5, 7], () => 'never asked')).toBe('2');
  });

  it.each([[NaN], [Infinity], ['5'], [undefined], [null], [{}]])('refuse the value %s', (value) => {
    expect(() => aggregateNumbers(openAggregate('sum')!, [5], () => value)).toThrow(
      expect.objectContaining({ name: 'PlugInError', n: 5, kind: 'type' }) as Error,
    );
  });

  it('refuse a sum that is no number any more', () => {
    expect(() => aggregateNumbers(openAggregate('sum')!, [5, 6], () => 1.7e308)).toThrow(PlugInError);
  });
});

/** The mean, and the numbers in a set: a partial result that JSON would not carry. */
const mean: AggregateDefinition<{ sum: bigint; seen: Set<bigint> }> = {
  init: () => ({ sum: 0n, seen: new Set() }),
  add: ({ sum, seen }, n, value) => ({ sum: sum + BigInt(value), seen: seen.add(BigInt(n)) }),
  merge: (left, right) => ({ sum: left.sum + right.sum, seen: new Set([...left.seen, ...right.seen]) }),
  finish: ({ sum, seen }) => ({ sum, count: seen.size, first: [...seen][0] ?? null }),
};

describe('an aggregate of a module', () => {
  it('is merged from copies of its partial results', () => {
    const aggregate = openAggregate('mean', { mean })!;
    const parts = [aggregate.createColumn(), aggregate.createColumn()];
    parts.forEach((part, i) => {
      part.open(0);
      part.add(0, 10 * i + 1, 5);
      part.add(0, 10 * i + 2, 2n ** 60n);
    });
    const whole = aggregate.createColumn();
    whole.open(0);
    for (const part of parts) whole.absorb(0, part.encode(0, 2), 2);
    expect(whole.finish(0, 12)).toBe(`{"sum":${2n ** 61n + 10n},"count":4,"first":1}`);
  });

  const fails = (): never => {
    throw new TypeError('no way');
  };
  const sound: AggregateDefinition = { init: () => 0, add: () => 1, merge: () => 2 };
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);

  it.each<[string, AggregateDefinition, 'threw' | 'type', RegExp]>([
    ['init', { ...sound, init: fails }, 'threw', /init of the aggregate own threw at 5: TypeError: no way/],
    ['add', { ...sound, add: fails }, 'threw', /^add of/],
    ['merge', { ...sound, merge: fails }, 'threw', /^merge of/],
    ['finish', { ...sound, finish: fails }, 'threw', /^finish of/],
    [
      'finish',
      { ...sound, finish: () => undefined },
      'type',
      /finish of .* gave undefined for 5, not JSON data/,
    ],
    ['finish', { ...sound, finish: () => cyclic }, 'type', /^finish of/],
    ['finish', { ...sound, finish: () => [NaN] }, 'type', /^finish of/],
    ['finish', { ...sound, finish: () => new Map() }, 'type', /^finish of/],
    ['add', { ...sound, add: () => fails }, 'type', /^add of .* gave a function/],
  ])('that fails in %s says so', (_, definition, kind, message) => {
    const aggregate = openAggregate('own', { own: definition })!;
    const attempt = (): string => {
      const [left, right] = [aggregate.createColumn(), aggregate.createColumn()];
      for (const column of [left, right]) {
        column.open(0);
        column.add(0, 5, 5);
      }
      left.absorb(0, right.encode(0, 5), 5);
      return left.finish(0, 5);
    };
    expect(attempt).toThrow(expect.objectContaining({ name: 'PlugInError', n: 5, kind }) as Error);
    expect(attempt).toThrow(message);
  });
});

/**
 * The aggregate of ascending `numbers`, at least one, as JSON text; not for `list`. `valueOf` gives the values, else
 * they are the numbers themselves. Throws a PlugInError.
 */
function aggregateNumbers(
  aggregate: Aggregate,
  numbers: Iterable<WholeNumber>,
  valueOf?: (n: WholeNumber) => unknown,
): string {
  const column = aggregate.createColumn();
  column.open(0);
  let last: WholeNumber = 0;
  for (const n of numbers) {
    last = n;
    column.add(0, n, valueOf && aggregate.takesValues ? checkValue(valueOf(n), n) : n);
  }
  return column.finish(0, last);
}
