import { decodeDoubles } from '../aggregates/numeric-cell.js';
import { growTo } from '../aggregates/growing.js';
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

/** The records of many buckets, in the order in which each bucket's came; without an object for each. */
export class RemainderRecords {
  #bytes = new Uint8Array(0);
  #count = 0;
  /** By record: where it ends, and one more than the record of its bucket before it. */
  #ends = new Float64Array(0);
  #before = new Uint32Array(0);
  /** By bucket: one more than its last record. */
  #last = new Uint32Array(0);

  /** Takes a copy of `remainder`. */
  add(bucket: number, offset: number, remainder: Uint8Array): void {
    const record = encodeRemainder(offset, remainder);
    const i = this.#count++;
    const start = this.#startOf(i);
    const end = start + record.length;
    this.#ends = growTo(this.#ends, i);
    this.#before = growTo(this.#before, i);
    this.#last = growTo(this.#last, bucket);
    this.#bytes = growTo(this.#bytes, end);
    this.#bytes.set(record, start);
    this.#ends[i] = end;
    this.#before[i] = this.#last[bucket]!;
    this.#last[bucket] = i + 1;
  }

  /** The records of a bucket, one behind the other; nothing where it has none. */
  of(bucket: number): Uint8Array | undefined {
    const found: Uint8Array[] = [];
    for (let next = this.#last[bucket] ?? 0; next > 0; next = this.#before[next - 1]!)
      found.push(this.#bytes.subarray(this.#startOf(next - 1), this.#ends[next - 1]));
    return found.length > 0 ? Buffer.concat(found.reverse()) : undefined;
  }

  #startOf(record: number): number {
    return record === 0 ? 0 : this.#ends[record - 1]!;
  }
}
