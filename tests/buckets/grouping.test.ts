import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openAggregate } from '../../src/aggregates/open-aggregate.js';
import { PlugInError } from '../../src/errors/spool.js';
import { Grouping, type GroupedSlice, type KeyFunction } from '../../src/buckets/grouping.js';
import { GroupedFragments } from '../../src/buckets/grouping-fragments.js';
import { MAX_KEY_BYTES } from '../../src/limits.js';
import { crc32 } from '../../src/tables/crc32.js';
import { arbitraryKeyFunction, arbitraryRange } from '../spool/arbitrary.js';
import { tabulatePlainly } from '../spool/spooled-build.js';

const list = openAggregate('list')!;
const NO_LIMITS = { numbers: 1e6, keys: Infinity, keyBytes: Infinity };

/** What a slice says of its buckets. */
function describeSlice({ keys, buckets, range }: GroupedSlice): unknown[] {
  return Array.from({ length: keys.count }, (_, id) => {
    const numbers = buckets.order.offsets.subarray(buckets.order.starts[id], buckets.order.starts[id + 1]);
    return {
      key: keys.textOf(id),
      count: buckets.countOf(id),
      first: range.start + BigInt(buckets.firstOf(id)),
      last: range.start + BigInt(buckets.lastOf(id)),
      numbers: Array.from(numbers),
    };
  });
}

describe('a grouping', () => {
  it('tells each bucket of a slice', () => {
    const grouping = new Grouping({ keyOf: (n) => (n === 12 ? null : Number(n) % 3) }, list, NO_LIMITS);
    expect(describeSlice(grouping.group({ start: 10n, end: 15n }))).toEqual([
      { key: '1', count: 2, first: 10n, last: 13n, numbers: [0, 3] },
      { key: '2', count: 2, first: 11n, last: 14n, numbers: [1, 4] },
    ]);
    expect(describeSlice(grouping.group({ start: 12n, end: 13n }))).toEqual([]);
  });

  it('finds keys that do not always follow each other in the same order, texts and numbers alike', () => {
    const orders: readonly (string | number)[][] = [
      ['a', 'b', 'c', 'a', 'c', 'b', 'a', 'b', 7, 'b', '7', 'c', 7, 'a'],
      ['c', 'a', 'b', 'c', '7', 'd', 'a', 'c', 'b', 7, 7, 'a', 'd', 'a'],
    ];
    let order = orders[0]!;
    // Made anew each time, as most plug-ins do: equal texts, not the same ones.
    const grouping = new Grouping(
      {
        keyOf: (n) =>
          typeof order[Number(n)] === 'string' ? [...String(order[Number(n)])].join('') : order[Number(n)],
      },
      list,
      NO_LIMITS,
    );
    for (order of orders) {
      const keys = [...new Set(order.map(String))];
      const found = describeSlice(grouping.group({ start: 0n, end: BigInt(order.length) }));
      const wanted = keys.map((key) => order.flatMap((given, n) => (String(given) === key ? [n] : [])));
      expect(found).toMatchObject(keys.map((key, i) => ({ key, numbers: wanted[i] })));
    }
  });

  it('ends a slice where it has keys enough, for every aggregate alike', () => {
    const signature: KeyFunction = { keyOf: (n) => `key ${n}` };
    for (const aggregate of [list, openAggregate('sum')!]) {
      const part = { start: 2n ** 53n - 2n, end: 2n ** 53n + 9n };
      const groupWithin = (limits: object): bigint =>
        new Grouping(signature, aggregate, { ...NO_LIMITS, ...limits }).group(part).range.end - part.start;
      expect(groupWithin({})).toBe(11n);
      expect(groupWithin({ numbers: 4 })).toBe(4n);
      expect(groupWithin({ keys: 1 })).toBe(1n);
      expect(groupWithin({ keys: 2 })).toBe(2n);
      expect(groupWithin({ keys: 3 })).toBe(3n);
      expect(groupWithin({ keyBytes: 20 })).toBe(1n);
      expect(groupWithin({ keyBytes: 21 })).toBe(2n);
    }
  });

  it('gives numbers up to 2^53 - 1, and bigints above', () => {
    const seen: unknown[] = [];
    const signature: KeyFunction = { keyOf: (n) => (seen.push(n), 'k'), valueOf: (n) => (seen.push(n), 1) };
    const range = { start: 2n ** 53n - 2n, end: 2n ** 53n + 2n };
    const { buckets } = new Grouping(signature, openAggregate('sum')!, NO_LIMITS).group(range);
    expect(buckets.column.finish(0, 0)).toBe('4');
    const expected = [2 ** 53 - 2, 2 ** 53 - 1, 2n ** 53n, 2n ** 53n + 1n];
    // One of them is asked for again.
    expect(seen.slice(0, 8)).toEqual(expected.flatMap((n) => [n, n]));
    expect(seen.slice(8)).toEqual([seen[8], seen[8]]);
    expect(expected).toContain(seen[8]);
  });

  it('takes no valueOf that every object has', () => {
    const signature = { keyOf: () => 1 };
    const { buckets } = new Grouping(signature, openAggregate('sum')!, NO_LIMITS).group({
      start: 3n,
      end: 6n,
    });
    expect(buckets.column.finish(0, 0)).toBe('12');
  });

  it('shows the number that it is working on', () => {
    const cell = new Float64Array(new SharedArrayBuffer(8));
    const seen: number[] = [];
    const signature: KeyFunction = { keyOf: (n) => (seen.push(cell[0]!), `key ${n}`) };
    for (const aggregate of [list, openAggregate('count')!]) {
      const grouping = new Grouping(signature, aggregate, NO_LIMITS, { cell, origin: 2n ** 53n - 10n });
      grouping.group({ start: 2n ** 53n - 2n, end: 2n ** 53n + 2n });
      expect(seen.splice(0, 4)).toEqual([8, 9, 10, 11]);
      expect(seen.splice(0)).toEqual([expect.toBeOneOf([8, 9, 10, 11])]);
      expect(cell[0]).toBe(-1);
    }
  });
});

describe('a key that is none', () => {
  const attempt = (key: unknown, start: bigint, name = 'list'): GroupedSlice => {
    const signature: KeyFunction = { keyOf: (n) => (BigInt(n) === start + 3n ? key : 'sound') };
    return new Grouping(signature, openAggregate(name)!, NO_LIMITS).group({ start, end: start + 9n });
  };

  it.each<[unknown, RegExp]>([
    [undefined, /keyOf gave undefined for \d+, not a text, a finite number or null/],
    [NaN, /gave NaN/],
    [-Infinity, /gave -Infinity/],
    [true, /gave true/],
    [12n, /gave the bigint 12/],
    [['a'], /gave an array/],
    [{}, /gave an object/],
    [Promise.resolve('a'), /gave a promise/],
    [() => 'a', /gave a function/],
    [Symbol('a'), /gave Symbol\(a\)/],
    ['a\ud800b', /gave the text .* not well-formed text/],
    ['a'.repeat(MAX_KEY_BYTES + 1), /not a text of at most 64 KiB/],
    ['é'.repeat(MAX_KEY_BYTES / 2 + 1), /not a text of at most 64 KiB/],
  ])('is refused with its number (%#)', (key, message) => {
    for (const start of [10n, 2n ** 60n])
      for (const name of ['list', 'count']) {
        expect(() => attempt(key, start, name)).toThrow(message);
        const n = start === 10n ? 13 : start + 3n;
        expect(() => attempt(key, start, name)).toThrow(
          expect.objectContaining({ kind: 'type', n }) as Error,
        );
      }
  });

  it('may be as long as the limit', () => {
    expect(attempt('é'.repeat(MAX_KEY_BYTES / 2), 10n).keys.count).toBe(2);
  });

  it('may be thrown', () => {
    const fails = (n: unknown): never => {
      throw new RangeError(`not ${String(n)}`);
    };
    const failing: KeyFunction[] = [
      { keyOf: (n) => (n === 12 ? fails(n) : 1) },
      { keyOf: () => 1, valueOf: (n) => (n === 12 ? fails(n) : 1) },
    ];
    for (const [i, signature] of failing.entries()) {
      const grouping = new Grouping(signature, openAggregate('sum')!, NO_LIMITS);
      const group = (): unknown => grouping.group({ start: 10n, end: 20n });
      expect(group).toThrow(PlugInError);
      expect(group).toThrow(`${i === 0 ? 'keyOf' : 'valueOf'} threw at 12: RangeError: not 12`);
      expect(group).toThrow(expect.objectContaining({ kind: 'threw', n: 12 }) as Error);
    }
  });
});

describe('fragments by a function', () => {
  it('are the numbers of each bucket, with their CRC', () => {
    fc.assert(
      fc.property(
        arbitraryKeyFunction,
        arbitraryRange,
        fc.integer({ min: 1, max: 200 }),
        (signature, range, numbers) => {
          const fragments = new GroupedFragments(signature, { numbers, keys: 1, keyBytes: 1 });
          const texts = new Map<string, string[]>();
          const slices = fragments.slicesOf(range);
          for (let i = 0n; i < slices.count; i++) {
            fragments.forEach(slices.at(i), (key, { buffer, start, end, crc }) => {
              const bytes = buffer.subarray(start, end);
              expect(crc).toBe(crc32(bytes));
              const known = texts.get(key) ?? [];
              known.push(Buffer.from(bytes).toString());
              texts.set(key, known);
            });
          }
          const table = Array.from(texts, ([key, parts]) => `${JSON.stringify(key)}:[${parts.join(',')}]`);
          expect(`{${table.join(',')}}`).toBe(
            tabulatePlainly(signature, range, (all) => `[${all.join(',')}]`),
          );
        },
      ),
    );
  });
});
