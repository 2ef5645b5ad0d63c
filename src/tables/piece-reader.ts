import { tableDamaged } from '../errors.js';
import type { Signature } from '../signatures/signature.js';
import { computeRuns, countMembers, probeRuns, runAt, type DigitRun } from './digit-runs.js';
import type { BucketPiece } from './locator.js';
import type { TableFiles } from './table-files.js';

const COMMA = 0x2c;
const OPENING = 0x5b; // [
const CLOSING = 0x5d; // ]
const ZERO = 0x30;

/** Longer numbers than these are not exact as `number`. */
const EXACT_DIGITS = 15;

/** Reads single members of one piece of a bucket: an index is an offset. */
export class PieceReader {
  readonly piece: BucketPiece;
  readonly runs: readonly DigitRun[];
  readonly count: number;
  readonly #files: TableFiles;
  readonly #matches: (bytes: Uint8Array, start: number, end: number) => boolean;
  #buffer = Buffer.allocUnsafe(64);

  /** Finds where the numbers of each length begin. Throws TABLES where the piece cannot be what the manifest says. */
  constructor(files: TableFiles, piece: BucketPiece, key: string, signature: Signature | undefined) {
    this.#files = files;
    this.piece = piece;
    this.#matches = createMatcher(key, signature);
    this.runs = this.#findRuns(key, signature);
    this.count = countMembers(this.runs);
  }

  /** Where the member at `index`, which is there, begins in the file. */
  offsetAt(index: number): number {
    const run = runAt(this.runs, index);
    return run.offset + (index - run.first) * (run.width + 1);
  }

  /**
   * The member at `index`, which is there. Throws TABLES unless a number stands between two separators there, in the
   * piece's range, with the bucket's key, and equal to `expected` where that is given.
   */
  readAt(index: number, expected?: bigint): number | bigint {
    const { width, first, offset } = runAt(this.runs, index);
    const at = offset + (index - first) * (width + 1);
    const buffer = this.#read(at - 1, width + 2);
    const isFirst = index === 0;
    const isLast = index === this.count - 1;
    if (buffer[0] !== (isFirst ? OPENING : COMMA)) throw this.damagedAt(at - 1);
    if (buffer[width + 1] !== (isLast ? CLOSING : COMMA)) throw this.damagedAt(at + width);
    const value = parseDigits(buffer, 1, width + 1);
    if (value === undefined) throw this.damagedAt(at);
    if (expected === undefined ? !this.#belongs(buffer, width, value) : !equals(value, expected)) {
      throw this.damagedAt(at, 'a number that does not belong there');
    }
    return value;
  }

  /** The index of `n` in the piece by binary search; `undefined` where it is not. */
  search(n: bigint): number | undefined {
    const width = n.toString().length;
    const run = this.runs.find((candidate) => candidate.width === width);
    if (!run) return undefined;
    let [low, high] = [run.first, run.first + run.count];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const value = BigInt(this.readAt(middle));
      if (value === n) return middle;
      if (value < n) low = middle + 1;
      else high = middle;
    }
    return undefined;
  }

  /** Whether the number of `width` digits at `start` of `bytes` has the bucket's key. */
  matches(bytes: Uint8Array, start: number, width: number): boolean {
    return this.#matches(bytes, start, start + width);
  }

  damagedAt(offset: number, what = 'no number of the bucket, or no separator'): Error {
    return tableDamaged(this.#files.pathOf(this.piece.file), offset, what);
  }

  #findRuns(key: string, signature: Signature | undefined): DigitRun[] {
    const { offset, bytes, range } = this.piece;
    const form = signature?.closedForm;
    const end = offset + bytes;
    if (form) {
      const runs = computeRuns(form, key, range, offset);
      const last = runs.at(-1);
      if (last && last.offset + last.count * (last.width + 1) === end) return runs;
      throw this.damagedAt(offset, 'not the bucket that its signature has');
    }
    const widths = [range.start, range.end].map((n) => n.toString().length);
    const runs = probeRuns(offset, end, widths[0]!, widths[1]!, (at, width) =>
      this.#isMember(at, width, end),
    );
    if (!runs) throw this.damagedAt(offset, 'no ascending array of numbers');
    return runs;
  }

  #isMember(at: number, width: number, end: number): boolean {
    const buffer = this.#read(at - 1, width + 2);
    const isOpened = buffer[0] === COMMA || buffer[0] === OPENING;
    const isClosed = buffer[width + 1] === (at + width + 1 === end ? CLOSING : COMMA);
    return isOpened && isClosed && parseDigits(buffer, 1, width + 1) !== undefined;
  }

  #belongs(buffer: Uint8Array, width: number, value: number | bigint): boolean {
    const { start, end } = this.piece.range;
    const n = BigInt(value);
    return n >= start && n < end && this.#matches(buffer, 1, width + 1);
  }

  #read(offset: number, length: number): Buffer {
    if (this.#buffer.length < length) this.#buffer = Buffer.allocUnsafe(2 * length);
    const bytes = this.#files.read(this.piece.file, this.#buffer, length, offset);
    if (bytes < length) throw this.damagedAt(offset + bytes, 'the file ends here');
    return this.#buffer;
  }
}

function equals(value: number | bigint, expected: bigint): boolean {
  return typeof value === 'number' ? value === Number(expected) : value === expected;
}

/** The number that the ASCII digits from `start` to before `end` are; `undefined` where they are none, or begin with 0. */
export function parseDigits(bytes: Uint8Array, start: number, end: number): number | bigint | undefined {
  if (bytes[start] === ZERO && end - start > 1) return undefined;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  if (end - start <= EXACT_DIGITS) return value;
  const exact = BigInt(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1'));
  return exact <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(exact) : exact;
}

function createMatcher(
  key: string,
  signature: Signature | undefined,
): (bytes: Uint8Array, start: number, end: number) => boolean {
  if (!signature) return () => true;
  if (signature.createMatcher) return signature.createMatcher(key);
  return (bytes, start, end) => signature.keyOf(BigInt(parseDigits(bytes, start, end) ?? 0)) === key;
}
