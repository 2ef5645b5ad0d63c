import { crc32 as zlibCrc32 } from 'node:zlib';

// Arithmetic on polynomials over GF(2) modulo the CRC-32 polynomial, in zlib's reflected form: the highest bit is
// the coefficient of x^0, so that 1 is 0x80000000 and dividing by x is a shift to the left.
const POLYNOMIAL = 0xedb88320 | 0;
const ONE = 1 << 31;
const X_TO_8 = 1 << 23;
/** Seven base-256 digits hold every length below 2^56. */
const LENGTH_DIGITS = 7;

/** The CRC-32 of `bytes` as zlib, gzip and PNG compute it; `seed` is the CRC of what came before them. */
export function crc32(bytes: Uint8Array, seed = 0): number {
  return zlibCrc32(bytes, seed);
}

/** The product of two polynomials modulo the CRC-32 polynomial, as an unsigned 32-bit number. */
export function multiplyModP(a: number, b: number): number {
  return multiply(a, b) >>> 0;
}

/**
 * What a piece with the CRC `crc` contributes to the CRC of a file in which `lengthBytes` more bytes follow it
 * (a whole number from 0 to 2^53): a file's CRC is the XOR of its pieces' contributions, in any order.
 */
export function shiftCrc(crc: number, lengthBytes: number): number {
  return multiply(crc, powerOfX(lengthBytes)) >>> 0;
}

/**
 * The sum of x^(8·strideBytes·i) for i in 0..count-1: multiplied by the CRC of one piece, it is what `count` such
 * pieces contribute that begin `strideBytes` apart, the last at the end of the file. Takes O(log count) steps.
 */
export function repeatCrc(strideBytes: number, count: number): number {
  const ratio = powerOfX(strideBytes);
  let sum = 0;
  let power = ONE; // ratio^k, where sum is that of the first k terms
  for (let bit = highestPowerOf2(count); bit >= 1; bit /= 2) {
    sum ^= multiply(sum, power);
    power = multiply(power, power);
    if (Math.floor(count / bit) % 2 === 1) {
      sum ^= power;
      power = multiply(power, ratio);
    }
  }
  return sum >>> 0;
}

/** No branch depends on the data: a mispredicted one would cost more than the step that it saves. */
function multiply(a: number, b: number): number {
  let product = 0;
  for (let step = 0; step < 32; step++) {
    product ^= b & (a >> 31);
    a <<= 1;
    b = (b >>> 1) ^ (POLYNOMIAL & -(b & 1));
  }
  return product;
}

/** POWERS[256 * i + j] is x^(8·j·256^i). */
const POWERS = buildPowers();

function buildPowers(): Int32Array {
  const powers = new Int32Array(LENGTH_DIGITS * 256);
  let base = X_TO_8;
  for (let digit = 0; digit < LENGTH_DIGITS; digit++) {
    let power = ONE;
    for (let j = 0; j < 256; j++) {
      powers[digit * 256 + j] = power;
      power = multiply(power, base);
    }
    base = power;
  }
  return powers;
}

/** x^(8·lengthBytes) */
function powerOfX(lengthBytes: number): number {
  let power = ONE;
  let low = lengthBytes >>> 0;
  for (let row = 0; low !== 0; row += 256, low >>>= 8) power = multiplyByEntry(power, row + (low & 255));
  let high = Math.floor(lengthBytes / 2 ** 32);
  for (let row = 4 * 256; high !== 0; row += 256, high >>>= 8)
    power = multiplyByEntry(power, row + (high & 255));
  return power;
}

function multiplyByEntry(power: number, index: number): number {
  if ((index & 255) === 0) return power;
  const entry = POWERS[index] ?? ONE;
  return power === ONE ? entry : multiply(power, entry);
}

function highestPowerOf2(n: number): number {
  let power = 1;
  while (power * 2 <= n) power *= 2;
  return n >= 1 ? power : 0;
}
