import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fillStrided } from '../../src/tables/fill-strided.js';

it('changes every so many bytes and none else', () => {
  const arbitrary = fc.record({
    at: fc.nat(20),
    count: fc.nat(40),
    stride: fc.integer({ min: 1, max: 25 }),
    byte: fc.integer({ min: 1, max: 255 }),
    behind: fc.nat(30),
  });
  fc.assert(
    fc.property(arbitrary, ({ at, count, stride, byte, behind }) => {
      const bytes = new Uint8Array(at + count * stride + behind);
      fillStrided(bytes, at, count, stride, byte);
      const isWritten = (place: number): boolean =>
        place >= at && (place - at) % stride === 0 && (place - at) / stride < count;
      expect(Array.from(bytes)).toEqual(Array.from(bytes, (_, place) => (isWritten(place) ? byte : 0)));
    }),
  );
});
