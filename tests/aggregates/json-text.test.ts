import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toJsonText } from '../../src/aggregates/json-text.js';

it('writes JSON as JSON.stringify does', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(toJsonText(value)).toBe(JSON.stringify(value));
    }),
  );
});

it('writes bigints in full, and nothing but plain data', () => {
  expect(toJsonText({ a: [10n ** 30n, { b: null }] })).toBe(`{"a":[${10n ** 30n},{"b":null}]}`);
  for (const value of [undefined, NaN, [undefined], { a: () => 1 }, new Date(), Symbol('s'), new Map()])
    expect(toJsonText(value)).toBeUndefined();
});
