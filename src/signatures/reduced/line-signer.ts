import { packKey } from './key.js';
import { parseSignable } from './signable.js';

const ZERO = 48; // "0" in ASCII
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
/** A key is two digits and a step count, which is below 10^14 for any number that fits in memory. */
const KEY_MAX_BYTES = 16;
const INITIAL_BYTES = 1 << 17;

/** What stands around each number and its key; `separator` stands before every number but the first. */
export interface SignedLineFormat {
  readonly separator: string;
  readonly before: string;
  readonly between: string;
  readonly after: string;
}

/** Turns lines of numbers into numbers with their signatures, byte by byte: millions of lines a second. */
export class LineSigner {
  readonly #source: string;
  readonly #separator: Buffer;
  readonly #before: Buffer;
  readonly #between: Buffer;
  readonly #after: Buffer;
  readonly #frameBytes: number;
  #out = Buffer.allocUnsafe(INITIAL_BYTES);
  #length = 0;
  #line = 0;

  /** `source` is where the lines come from, as messages name it. */
  constructor(source: string, format: SignedLineFormat) {
    this.#source = source;
    this.#separator = Buffer.from(format.separator);
    this.#before = Buffer.from(format.before);
    this.#between = Buffer.from(format.between);
    this.#after = Buffer.from(format.after);
    this.#frameBytes =
      this.#separator.length +
      this.#before.length +
      this.#between.length +
      this.#after.length +
      KEY_MAX_BYTES;
  }

  /**
   * Signs a block of whole lines, each ended by a line feed; a line that is not plain digits is taken as an expression.
   * Throws a USAGE error naming the line; the lines before it are signed then.
   */
  sign(block: Uint8Array): void {
    let at = 0;
    while (at < block.length) at = this.#signLine(block, at);
  }

  /** Hands over the output since the last call. */
  take(): Buffer {
    const taken = this.#out.subarray(0, this.#length);
    this.#out = Buffer.allocUnsafe(Math.max(INITIAL_BYTES, this.#length));
    this.#length = 0;
    return taken;
  }

  /** Returns where the next line begins. What is not plain digits from 10 on goes the slow way, errors included. */
  #signLine(block: Uint8Array, lineStart: number): number {
    this.#line += 1;
    let start = lineStart;
    while (block[start] === ZERO) start += 1;
    let at = start;
    let digitSum = 0;
    let digit = block[at]! - ZERO;
    while (digit >= 0 && digit <= 9) {
      digitSum += digit;
      at += 1;
      digit = block[at]! - ZERO;
    }
    const end = at;
    if (block[at] === CARRIAGE_RETURN && block[at + 1] === LINE_FEED) at += 1;
    if (block[at] !== LINE_FEED || end - start < 2) return this.#signExpression(block, lineStart);
    this.#emit(block, start, end, digitSum);
    return at + 1;
  }

  #signExpression(block: Uint8Array, start: number): number {
    const end = block.indexOf(LINE_FEED, start);
    const text = Buffer.from(block.buffer, block.byteOffset + start, end - start).toString();
    const digits = Buffer.from(parseSignable(text, `${this.#source}, line ${this.#line}:`).toString());
    this.#emit(digits, 0, digits.length, sumDigits(digits));
    return end + 1;
  }

  #emit(bytes: Uint8Array, start: number, end: number, digitSum: number): void {
    this.#reserve(end - start + this.#frameBytes);
    if (this.#line > 1) this.#append(this.#separator, 0, this.#separator.length);
    this.#append(this.#before, 0, this.#before.length);
    this.#append(bytes, start, end);
    this.#append(this.#between, 0, this.#between.length);
    this.#appendKey(packKey(bytes, start, end, digitSum));
    this.#append(this.#after, 0, this.#after.length);
  }

  /** A loop beats `Buffer.copy` here: what is copied is a few bytes long. */
  #append(bytes: Uint8Array, start: number, end: number): void {
    const out = this.#out;
    let length = this.#length;
    for (let at = start; at < end; at += 1) out[length++] = bytes[at]!;
    this.#length = length;
  }

  #appendKey(key: number): void {
    let width = 4;
    for (let limit = 10_000; key >= limit; limit *= 10) width += 1;
    let rest = key;
    for (let at = this.#length + width - 1; at >= this.#length; at -= 1) {
      this.#out[at] = ZERO + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    this.#length += width;
  }

  #reserve(sizeBytes: number): void {
    if (this.#length + sizeBytes <= this.#out.length) return;
    const larger = Buffer.allocUnsafe(2 * this.#out.length + sizeBytes);
    this.#out.copy(larger, 0, 0, this.#length);
    this.#out = larger;
  }
}

function sumDigits(digits: Uint8Array): number {
  let sum = 0;
  for (const digit of digits) sum += digit - ZERO;
  return sum;
}
