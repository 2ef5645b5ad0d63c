import { decodeDoubles } from '../aggregates/numeric-cell.js';
import { VARINT_BYTES, VarintReader, writeVarint } from './varint.js';

/** What a finished value was rounded by. */
export interface RemainderRecord {
  /** The offset from the origin of a number that went into the value: in the layout `job` it tells whose table has the value. */
  readonly offset: number;
  /** Doubles that add up to it. */
  readonly parts: readonly number[];
}

/** A record as bytes, from what `Column.remainder` gives. */
export function encodeRemainder(offset: number, remainder: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(2 * VARINT_BYTES + remainder.length);
  const at = writeVarint(bytes, writeVarint(bytes, 0, offset), remainder.length);
  bytes.set(remainder, at);
  return bytes.subarray(0, at + remainder.length);
}

/** Records that stand one behind the other. */
export function decodeRemainders(bytes: Uint8Array): RemainderRecord[] {
  const records: RemainderRecord[] = [];
  const varints = new VarintReader(bytes);
  while (varints.at < bytes.length) {
    const offset = varints.next();
    const size = varints.next();
    records.push({ offset, parts: decodeDoubles(bytes.subarray(varints.at, varints.at + size)) });
    varints.at += size;
  }
  return records;
}
