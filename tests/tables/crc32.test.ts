import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32, multiplyModP, repeatCrc, shiftCrc } from '../../src/tables/crc32.js';

const ONE = 0x80000000;
const X = 0x40000000;
const crcs = fc.integer({ min: 0, max: 0xffffffff });
const lengths = fc.integer({ min: 0, max: 2 ** 53 - 1 });

/** x^exponent by squaring, over the bits of a bigint: another way to the same power. */
function powerOfX(exponent: bigint): number {
  let power = ONE;
  let square = X;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) power = multiplyModP(power, square);
    square = multiplyModP(square, square);
  }
  return power;
}

describe('crc32', () => {
  it('gives the check value of CRC-32', () => {
    expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
    expect(crc32(Buffer.from('456789'), crc32(Buffer.from('123')))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array())).toBe(0);
  });
});

describe('multiplyModP', () => {
  it('multiplies by 1 and by x as defined', () => {
    expect(multiplyModP(ONE, 0xdeadbeef)).toBe(0xdeadbeef);
    expect(multiplyModP(X, X)).toBe(0x20000000);
    expect(multiplyModP(X, 1)).toBe(0xedb88320); // x · x^31 leaves the polynomial's remainder
  });

  it('is commutative, associative and distributive', () => {
    fc.assert(
      fc.property(crcs, crcs, crcs, (a, b, c) => {
        expect(multiplyModP(a, b)).toBe(multiplyModP(b, a));
        expect(multiplyModP(a, multiplyModP(b, c))).toBe(multiplyModP(multiplyModP(a, b), c));
        expect(multiplyModP(a, (b ^ c) >>> 0)).toBe((multiplyModP(a, b) ^ multiplyModP(a, c)) >>> 0);
      }),
    );
  });
});

describe('shiftCrc', () => {
  it('makes the CRC of a file from those of its pieces, in any order', () => {
    const split = fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 12 });
    fc.assert(
      fc.property(split, (pieces) => {
        const whole = Buffer.concat(pieces);
        let after = whole.length;
        const contributions = pieces.map((piece) => shiftCrc(crc32(piece), (after -= piece.length)));
        const combined = contributions.reverse().reduce((sum, crc) => (sum ^ crc) >>> 0, 0);
        expect(combined).toBe(zlibCrc32(whole));
      }),
    );
  });

  it('agrees with zlib on megabytes', () => {
    const head = Buffer.from('the head');
    const tail = Buffer.alloc(3_000_001, 'tail');
    const whole = (shiftCrc(crc32(head), tail.length) ^ crc32(tail)) >>> 0;
    expect(whole).toBe(zlibCrc32(Buffer.concat([head, tail])));
  });

  it('agrees with powers by squaring at lengths up to 2^53', () => {
    const check = (crc: number, length: number): void => {
      expect(shiftCrc(crc, length)).toBe(multiplyModP(crc, powerOfX(8n * BigInt(length))));
    };
    fc.assert(fc.property(crcs, lengths, check));
    for (const length of [0, 1, 255, 256, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 48, 2 ** 53])
      check(0x12345678, length);
  });
});

describe('repeatCrc', () => {
  it('sums what equal pieces contribute', () => {
    const counts = fc.integer({ min: 0, max: 300 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), counts, crcs, (stride, count, crc) => {
        let sum = 0;
        for (let i = 0; i < count; i++) sum = (sum ^ shiftCrc(crc, stride * i)) >>> 0;
        expect(multiplyModP(crc, repeatCrc(stride, count))).toBe(sum);
      }),
    );
  });

  it('gives the CRC of a repeated text', () => {
    const text = Buffer.from('"1667":[');
    const count = 12_345;
    const crc = multiplyModP(crc32(text), repeatCrc(text.length, count));
    expect(crc).toBe(zlibCrc32(Buffer.from(text.toString().repeat(count))));
  });

  it('splits huge counts consistently', () => {
    const [stride, low, high] = [10, 2 ** 40 + 3, 2 ** 41 + 1];
    const split = (repeatCrc(stride, low) ^ shiftCrc(repeatCrc(stride, high), stride * low)) >>> 0;
    expect(repeatCrc(stride, low + high)).toBe(split);
  });
});
