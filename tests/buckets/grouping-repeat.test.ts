import { describe, expect, it } from 'vitest';
import { openAggregate } from '../../src/aggregates/open-aggregate.js';
import { Grouping, type KeyFunction } from '../../src/buckets/grouping.js';
import type { WholeNumber } from '../../src/range/whole-number.js';

const NO_LIMITS = { numbers: 1e6, keys: Infinity, keyBytes: Infinity };

function group(signature: KeyFunction, { start = 0n, numbers = 20_000n, aggregate = 'list' } = {}): unknown {
  return new Grouping(signature, openAggregate(aggregate)!, NO_LIMITS).group({ start, end: start + numbers });
}

/** Signatures that are no function of n. */
function createFaulty(): Record<string, KeyFunction> {
  let calls = 0;
  let last = '';
  let seen = 0;
  return {
    'a random key': { keyOf: () => Math.random() },
    'a random choice to leave n out': { keyOf: () => (Math.random() < 0.5 ? null : 1) },
    'a counter': { keyOf: () => calls++ },
    'the clock': { keyOf: () => performance.now() },
    'the key of the call before': {
      keyOf: (n) => {
        const key = last;
        last = `key ${n}`;
        return key;
      },
    },
    'a set of what was seen': { keyOf: (n) => (Number(n) >= seen ? ((seen = Number(n) + 1), 'new') : 'old') },
    'a throw the second time': {
      keyOf: (n) => {
        if (Number(n) < seen) throw new Error('\u001b[31mno more');
        seen = Number(n) + 1;
        return 'k';
      },
    },
    'an object the second time': {
      keyOf: (n) => (Number(n) < seen ? {} : ((seen = Number(n) + 1), 'k')),
    },
  };
}

describe('a keyOf that is not a function of n', () => {
  const names = Object.keys(createFaulty());
  it.each(names)('is told with its number and both answers, in every loop: %s', (name) => {
    for (const aggregate of ['list', 'count', 'sum'])
      for (const start of [0n, 2n ** 53n - 10_000n, 2n ** 53n]) {
        const faulty = createFaulty()[name]!;
        const said =
          /^asked twice for \d+, keyOf first gave [^\p{C}]+ and then (gave|threw) [^\p{C}]+: let it/u;
        expect(() => group(faulty, { start, aggregate })).toThrow(said);
      }
  });

  it.each([1n, 5n, 199n])('is seen in a job of %d numbers', (numbers) => {
    let calls = 0;
    expect(() => group({ keyOf: () => calls++ }, { numbers })).toThrow(/asked twice/);
  });

  it('is told of by a clock in milliseconds', () => {
    expect(() => group({ keyOf: () => Date.now() % 1000 }, { numbers: 1_000_000n })).toThrow(/asked twice/);
  });

  it('may be valueOf alone', () => {
    const signature: KeyFunction = { keyOf: (n) => Number(n) % 3, valueOf: () => Math.random() };
    expect(() => group(signature, { aggregate: 'sum' })).toThrow(
      /asked twice for \d+, valueOf first gave 0\.\d+/,
    );
    // Nobody takes its values.
    expect(() => group(signature, { aggregate: 'list' })).not.toThrow();
  });
});

describe('a keyOf that is a function of n', () => {
  const memo = new Map<WholeNumber, string>();
  let calls = 0;
  it.each<[string, KeyFunction]>([
    ['that keeps its answers', { keyOf: (n) => memo.get(n) ?? (memo.set(n, `key ${n}`), `key ${n}`) }],
    ['that counts its calls', { keyOf: (n) => (calls++, Number(n) % 7) }],
    ['that gives now a text, now the number', { keyOf: () => (calls++ % 2 ? 7 : '7') }],
    ['that gives 0 and −0', { keyOf: () => (calls++ % 2 ? 0 : -0) }],
    ['that leaves all out', { keyOf: () => null, valueOf: () => calls++ }],
    ['with values, now a number, now a bigint', { keyOf: () => 1, valueOf: () => (calls++ % 2 ? 7 : 7n) }],
  ])('is not blamed: one %s', (_, signature) => {
    for (const aggregate of ['list', 'sum'])
      for (const start of [0n, 2n ** 53n - 10_000n])
        expect(() => group(signature, { start, aggregate })).not.toThrow();
  });
});

describe('what is asked again', () => {
  function listAgain(start: bigint, parts: readonly bigint[], cell?: Float64Array): WholeNumber[] {
    const again: WholeNumber[] = [];
    const seen = new Set<WholeNumber>();
    const signature: KeyFunction = {
      keyOf: (n) => {
        if (seen.has(n)) {
          again.push(n);
          if (cell) expect(cell[0]).toBe(Number(n));
        }
        seen.add(n);
        return 1;
      },
    };
    const progress = cell && { cell, origin: 0n };
    const end = start + parts.reduce((sum, numbers) => sum + numbers, 0n);
    let from = start;
    for (const numbers of parts) {
      const limits = { ...NO_LIMITS, numbers: Number(numbers) };
      from = new Grouping(signature, openAggregate('list')!, limits, progress).group({ start: from, end })
        .range.end;
    }
    return again;
  }

  it('is at most one number in 200, in reverse order, the same for the same job, and shown as progress', () => {
    const cell = new Float64Array(1);
    const again = listAgain(1000n, [8000n], cell);
    expect(again.length).toBeGreaterThan(10);
    expect(again.length).toBeLessThanOrEqual(8000 / 200);
    expect(again).toEqual([...again].sort((a, b) => Number(b) - Number(a)));
    expect(listAgain(1000n, [8000n])).toEqual(again);
    expect(listAgain(1001n, [8000n])).not.toEqual(again);
  });

  it('is one number for all the slices of a small job', () => {
    const seen: WholeNumber[] = [];
    const limits = { ...NO_LIMITS, numbers: 1 };
    const signature: KeyFunction = { keyOf: (n) => (seen.push(n), 1) };
    const grouping = new Grouping(signature, openAggregate('list')!, limits);
    for (let start = 0n; start < 150n; start++) grouping.group({ start, end: 150n });
    expect(seen.length).toBe(151);
  });
});
