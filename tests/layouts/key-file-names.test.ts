import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyFileNames } from '../../src/layouts/key-file-names.js';
import { isPlainFileName } from '../../src/tables/manifest-consistency.js';

test('whatever the keys, their file names are plain, and differ on every disk', () => {
  const key = fc.oneof(
    fc.string({ unit: fc.constantFrom('.', '..', 'a', 'A', '%', '~2', '/', ' ', 'con') }),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
  );
  fc.assert(
    fc.property(fc.uniqueArray(key), (keys) => {
      const names = new KeyFileNames();
      const given = keys.map((each) => names.nameOf(each));
      expect(given.filter((name) => !isPlainFileName(name))).toEqual([]);
      expect(new Set(given.map((name) => name.toLowerCase())).size).toBe(keys.length);
    }),
    { numRuns: 300 },
  );
});
