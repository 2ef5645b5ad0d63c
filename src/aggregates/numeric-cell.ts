import type { WholeNumber } from '../range/whole-number.js';
import type { ExactSum } from './exact-sum.js';

/** What the first byte of a cell says about the rest of it. */
const DOUBLE = 0;
const DIGITS = 1;
/** An exact sum that fractions went into: non-overlapping doubles of 8 bytes each. */
const PARTS = 2;
/** The same where doubles do not hold it: the digits of its count of units of 2^-1074, in base 16. */
const UNITS = 3;

const DOUBLE_BYTES = 8;

const scratch = Buffer.alloc(9);

/** A number as the 9 bytes of a double, exactly, and a bigint as its digits. Valid until the next call. */
export function encodeNumeric(value: WholeNumber): Uint8Array {
  if (typeof value === 'bigint') return Buffer.from(`${String.fromCharCode(DIGITS)}${value}`, 'latin1');
  scratch[0] = DOUBLE;
  scratch.writeDoubleLE(value, 1);
  return scratch;
}

/** The value that `encodeNumeric` was given. */
export function decodeNumeric(bytes: Uint8Array): WholeNumber {
  const cell = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return cell[0] === DIGITS ? BigInt(cell.toString('latin1', 1)) : cell.readDoubleLE(1);
}

/** An exact sum as a cell. */
export function encodeExact(sum: ExactSum): Uint8Array {
  if (typeof sum === 'bigint')
    return Buffer.from(`${String.fromCharCode(UNITS)}${sum.toString(16)}`, 'latin1');
  const cell = Buffer.alloc(1 + sum.length * DOUBLE_BYTES, PARTS);
  writeDoubles(sum, cell, 1);
  return cell;
}

/** The sum that `encodeExact` was given; undefined where the cell is another number. */
export function decodeExact(bytes: Uint8Array): ExactSum | undefined {
  const cell = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (cell[0] === PARTS) return decodeDoubles(cell.subarray(1));
  if (cell[0] !== UNITS) return undefined;
  const text = cell.toString('latin1', 1);
  return text.startsWith('-') ? -BigInt(`0x${text.slice(1)}`) : BigInt(`0x${text}`);
}

/** Doubles as 8 bytes each. */
export function encodeDoubles(values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(values.length * DOUBLE_BYTES);
  writeDoubles(values, bytes, 0);
  return bytes;
}

/** The doubles that `encodeDoubles` was given. */
export function decodeDoubles(bytes: Uint8Array): number[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: buffer.length / DOUBLE_BYTES }, (_, i) =>
    buffer.readDoubleLE(i * DOUBLE_BYTES),
  );
}

function writeDoubles(values: readonly number[], bytes: Buffer, at: number): void {
  values.forEach((value, i) => bytes.writeDoubleLE(value, at + i * DOUBLE_BYTES));
}
