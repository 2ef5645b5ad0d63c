import { finishHash, HASH_SEED, hashStep } from '../buckets/key-hash.js';
import { VarintReader } from './varint.js';

/** Reads the entries of a partition one after another: `next` sets the fields. */
export class SpoolEntries {
  readonly #varints: VarintReader;
  keyStart = 0;
  keyEnd = 0;
  hash = 0;
  count = 0;
  /** The offset of the first number from the slice's start. */
  first = 0;
  last = 0;
  cellBytes = 0;
  /** What the finished value was rounded by; undefined where there is nothing to say of it. See `Column.remainder`. */
  remainder: Uint8Array | undefined;
  /** Where the next entry begins. */
  end = 0;

  constructor(bytes: Uint8Array) {
    this.#varints = new VarintReader(bytes);
  }

  get bytes(): Uint8Array {
    return this.#varints.bytes;
  }

  set bytes(bytes: Uint8Array) {
    this.#varints.bytes = bytes;
  }

  /** Goes to the entry at `position`; the next ones follow it. */
  seek(position: number): void {
    this.#varints.at = position;
  }

  next(): void {
    const varints = this.#varints;
    const keyBytes = varints.next();
    this.count = varints.next();
    this.first = varints.next();
    this.last = this.first + varints.next();
    this.cellBytes = varints.next();
    const remainderBytes = varints.next() - 1;
    this.keyStart = varints.at;
    this.keyEnd = varints.at + keyBytes;
    this.end = this.keyEnd + Math.max(0, remainderBytes);
    this.remainder = remainderBytes < 0 ? undefined : varints.bytes.subarray(this.keyEnd, this.end);
    varints.at = this.end;
    this.hash = hashKey(varints.bytes, this.keyStart, this.keyEnd);
  }
}

/** The hash of the key that is `bytes[start]` up to, not including, `bytes[end]`. */
export function hashKey(bytes: Uint8Array, start: number, end: number): number {
  let hash = HASH_SEED;
  for (let at = start; at < end; at++) hash = hashStep(hash, bytes[at]!);
  return finishHash(hash);
}
