import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closedForm } from '../../src/signatures/closed-form.js';
import { keyOf } from '../../src/signatures/reduced/key.js';

test('buckets of odd ranges are those of a scan', () => {
  const bounds = fc.tuple(fc.integer({ min: 10, max: 30_000 }), fc.integer({ min: 1, max: 4000 }));
  fc.assert(
    fc.property(bounds, ([start, size]) => {
      const buckets = closedForm({ start, end: start + size });
      const scanned = new Map<string, number[]>();
      for (let n = start; n < start + size; n++) {
        const key = keyOf(BigInt(n));
        scanned.set(key, [...(scanned.get(key) ?? []), n]);
      }
      expect(buckets.signatures()).toEqual([...scanned.keys()]);
      for (const [key, members] of scanned) {
        expect(buckets.count(key)).toBe(members.length);
        expect([...buckets.members(key)]).toEqual(members);
        expect([...buckets.members(key, { reverse: true })]).toEqual(members.toReversed());
      }
    }),
    { numRuns: 20 },
  );
});

test('iteration begins anywhere, goes both ways and ends at the limit', () => {
  const buckets = closedForm(1e6);
  const all = [...buckets.members('1667')];
  expect([...buckets.members('1667', { from: 7, limit: 3 })]).toEqual(all.slice(7, 10));
  expect([...buckets.members('1667', { from: 7n, limit: 3, reverse: true })]).toEqual([
    all[7],
    all[6],
    all[5],
  ]);
  expect([...buckets.members('1667', { from: 1, reverse: true })]).toEqual([all[1], all[0]]);
  expect([...buckets.members('1667', { from: all.length })]).toEqual([]);
  expect([...buckets.members('1667', { limit: 0 })]).toEqual([]);
});

test.each(['1e18', '1e100', '1e300..1e301'])('the index of a number of %s leads back to it', (text) => {
  const { range } = closedForm(text);
  const buckets = closedForm(range);
  fc.assert(
    fc.property(fc.bigInt({ min: range.start, max: range.end - 1n }), (n) => {
      const signature = buckets.signatureOf(n);
      const index = buckets.indexOf(n) ?? -1;
      expect(buckets.at(signature, index)).toBe(n > Number.MAX_SAFE_INTEGER ? n : Number(n));
      expect(buckets.has(n)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test('what is not there is undefined, what is not exact is refused', () => {
  const buckets = closedForm('1000..2000');
  expect(buckets.size).toBe(1000);
  expect(buckets.count('nope')).toBe(0);
  expect(buckets.at('nope', 0)).toBeUndefined();
  expect(buckets.at('1111', -1)).toBeUndefined();
  expect(buckets.at('1111', buckets.count('1111'))).toBeUndefined();
  expect(buckets.indexOf(999)).toBeUndefined();
  expect(buckets.has(2000)).toBe(false);
  expect(() => buckets.at('1111', 0.5)).toThrow(RangeError);
  expect(() => buckets.indexOf(2 ** 53)).toThrow(RangeError);
  expect(() => closedForm('9..20')).toThrow('starts too low');
  expect(() => closedForm({ start: 20, end: 20 })).toThrow('empty');
});
