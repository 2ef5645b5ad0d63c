import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KeyTable } from '../../src/spool/key-table.js';
import { hashKey } from '../../src/spool/spool-entries.js';

it('numbers keys as a map does, whatever their hashes', () => {
  const arbitraryKeys = fc.array(fc.string({ unit: 'binary', maxLength: 3 }), { maxLength: 60 });
  fc.assert(
    fc.property(arbitraryKeys, fc.boolean(), (keys, collide) => {
      const expected = new Map<string, number>();
      const table = new KeyTable(keys.length, keys.join('').length * 4);
      for (const key of keys) {
        if (!expected.has(key)) expected.set(key, expected.size);
        const bytes = Buffer.from(`x${key}`);
        const hash = collide ? 7 : hashKey(bytes, 1, bytes.length);
        expect(table.findOrAdd(bytes, 1, bytes.length, hash)).toBe(expected.get(key));
      }
      expect(table.count).toBe(expected.size);
      for (const [key, id] of expected) {
        const text = Buffer.from(table.arena.subarray(table.startOf(id), table.ends[id]));
        expect(text.equals(Buffer.from(key))).toBe(true);
      }
    }),
  );
});
