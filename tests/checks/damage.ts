import fc from 'fast-check';

/** Something that happened to the bytes of a file; where it leaves them as they were, nothing has happened. */
export type Damage = (bytes: Buffer) => Buffer;

/** Bytes changed, lost, added and swapped, and files cut off; places are shares of the file's length. */
export const arbitraryDamage: fc.Arbitrary<Damage> = fc
  .record({
    kind: fc.constantFrom('flip', 'digit', 'delete', 'insert', 'truncate', 'swap', 'append'),
    place: fc.double({ min: 0, max: 1, noNaN: true }),
    bit: fc.integer({ min: 0, max: 7 }),
    byte: fc.constantFrom(...Buffer.from('0123456789,[]{}": \0\n')),
  })
  .map(({ kind, place, bit, byte }) => (bytes) => {
    const at = Math.min(bytes.length - 1, Math.floor(place * bytes.length));
    const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at + 1)];
    const own = bytes[at] ?? 0;
    if (kind === 'flip') return Buffer.concat([head, Buffer.of(own ^ (1 << bit)), tail]);
    if (kind === 'digit') return Buffer.concat([head, Buffer.of(byte), tail]);
    if (kind === 'delete') return Buffer.concat([head, tail]);
    if (kind === 'insert') return Buffer.concat([head, Buffer.of(byte, own), tail]);
    if (kind === 'truncate') return Buffer.from(head);
    if (kind === 'append') return Buffer.concat([bytes, Buffer.of(byte)]);
    return Buffer.concat([head, tail.subarray(0, 1), Buffer.of(own), tail.subarray(1)]);
  });
