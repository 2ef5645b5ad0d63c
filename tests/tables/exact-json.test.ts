import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toJsonText } from '../../src/aggregates/json-text.js';
import { parseExactJson, type JsonValue } from '../../src/tables/exact-json.js';

const leaf = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('#1', '$', '12345678901234567', '\\"#99999999999999999', 'a:1'),
  fc.maxSafeInteger(),
  fc
    .double({ noDefaultInfinity: true, noNaN: true })
    .filter((n) => Math.abs(n) < 2 ** 53 || Math.abs(n) >= 1e21),
  fc.bigInt().filter((n) => n > 2n ** 53n || n < -(2n ** 53n)),
);
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('value')),
    fc.dictionary(
      fc.string().filter((name) => name !== '__proto__'),
      tie('value'),
      { noNullPrototype: true },
    ),
  ),
})).value;

test('a value reads back as what it was written from, whole numbers above 2^53 as bigints', () => {
  fc.assert(
    fc.property(json, (value) => {
      const positive = JSON.stringify(value, (_k, v: unknown) =>
        typeof v === 'bigint' ? `${v}n` : Object.is(v, -0) ? 0 : v,
      );
      const back = parseExactJson(toJsonText(value) ?? '');
      expect(JSON.stringify(back, (_k, v: JsonValue) => (typeof v === 'bigint' ? `${v}n` : v))).toBe(
        positive,
      );
    }),
    { numRuns: 2000 },
  );
});

test.each(['', '1,2', '01', '[1', '"a', '{"a":12345678901234567', 'NaN'])('%j is no JSON', (text) => {
  expect(() => parseExactJson(text)).toThrow(SyntaxError);
});

test('2^53 is the first that is a bigint', () => {
  expect(
    parseExactJson('[9007199254740991,9007199254740992,-9007199254740992,1e+21,0.12345678901234567]'),
  ).toEqual([9007199254740991, 9007199254740992n, -9007199254740992n, 1e21, 0.12345678901234567]);
});
