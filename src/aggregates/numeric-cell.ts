import type { WholeNumber } from '../range/whole-number.js';

/** What the first byte of a cell says about the rest of it. */
const DOUBLE = 0;
const DIGITS = 1;
/** An exact sum that fractions went into: the digits of its count of units of 2^-1074, in base 16. */
const UNITS = 2;

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

/** An exact sum, in units of 2^-1074, as a cell. */
export function encodeUnits(units: bigint): Uint8Array {
  return Buffer.from(`${String.fromCharCode(UNITS)}${units.toString(16)}`, 'latin1');
}

/** The units that `encodeUnits` was given; undefined where the cell is another number. */
export function decodeUnits(bytes: Uint8Array): bigint | undefined {
  const cell = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (cell[0] !== UNITS) return undefined;
  const text = cell.toString('latin1', 1);
  return text.startsWith('-') ? -BigInt(`0x${text.slice(1)}`) : BigInt(`0x${text}`);
}
