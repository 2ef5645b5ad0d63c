import type { WholeNumber } from '../range/whole-number.js';

/** What the first byte of a cell says about the rest of it. */
const DOUBLE = 0;
const DIGITS = 1;

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
