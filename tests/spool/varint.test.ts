import fc from 'fast-check';
import { expect, it } from 'vitest';
import { VarintReader, VARINT_BYTES, writeVarint } from '../../src/spool/varint.js';

it('reads back every whole number that it writes', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.maxSafeNat(), fc.nat(300)), { maxLength: 20 }), (numbers) => {
      const bytes = new Uint8Array(VARINT_BYTES * numbers.length);
      let end = 0;
      for (const n of numbers) end = writeVarint(bytes, end, n);
      const reader = new VarintReader(bytes);
      expect(numbers.map(() => reader.next())).toEqual(numbers);
      expect(reader.at).toBe(end);
    }),
  );
});
