import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isNestedDeeper } from '../../src/tables/json-depth.js';

const isDeeper = (text: string, depth: number): boolean => isNestedDeeper(Buffer.from(text), depth);

test('counts how deep arrays and objects stand in each other', () => {
  expect(isDeeper('{"a":[[1,2],{"b":3}]}', 3)).toBe(false);
  expect(isDeeper('{"a":[[1,2],{"b":3}]}', 2)).toBe(true);
  expect(isDeeper('[],[],[],[]', 1)).toBe(false);
});

test('brackets in texts are none', () => {
  expect(isDeeper('["[[[[", "\\"[[[", "\\\\", "{{"]', 1)).toBe(false);
  expect(isDeeper('["\\\\", [[]]]', 2)).toBe(true);
});

test('no other byte counts as a bracket', () => {
  const others = Array.from({ length: 256 }, (_, byte) => byte).filter(
    (byte) => !'[]{}"'.includes(String.fromCharCode(byte)),
  );
  expect(isNestedDeeper(Uint8Array.from(others), 0)).toBe(false);
});

test('says of any value what a walk through it says', () => {
  const measure = (value: unknown): number =>
    typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(measure)) : 0;
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const depth = measure(value);
      const text = JSON.stringify(value);
      expect(isDeeper(text, depth)).toBe(false);
      if (depth > 0) expect(isDeeper(text, depth - 1)).toBe(true);
    }),
  );
});
