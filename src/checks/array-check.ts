import {
  fileEndsEarly,
  numberNotAscending,
  numberOfOtherKey,
  numberOutsideRange,
  textUnexpected,
} from '../errors.js';
import type { Range } from '../range/range.js';
import type { Signature } from '../signatures/signature.js';
import type { FileWindow } from './file-window.js';
import { ReducedRuns, RUN_MIN_DIGITS } from './reduced-runs.js';

const ZERO = 48; // "0" in ASCII
const COMMA = 44;
const CLOSING_BRACKET = 93;
/** What `ReducedRuns` reads before a number. */
const MARGIN_BYTES = 4;
const NONE = -1;

/** The first thing that is wrong in a table file. */
export interface Problem {
  /** Bytes from the start of the file. */
  readonly offset: number;
  /** In words. */
  readonly what: string;
}

/** Where the numbers of one bucket stand in a file, and which part of them is to be checked. */
export interface ArrayExtent {
  readonly key: string;
  readonly range: Range;
  /** The file offsets of the first number, and of the closing bracket. */
  readonly first: number;
  readonly close: number;
  /** Numbers that begin from here on, and before here. */
  readonly from: number;
  readonly to: number;
}

/**
 * Checks the numbers of one bucket: each is written right, above the one before, in the range, and has the signature.
 * As they fill exactly the bytes that all numbers of the bucket take, none is missing.
 */
export class ArrayCheck {
  readonly #window: FileWindow;
  readonly #extent: ArrayExtent;
  readonly #matches: (bytes: Uint8Array, start: number, end: number) => boolean;
  readonly #signature: Signature;
  readonly #runs: ReducedRuns | undefined;
  readonly #minDigits: number;
  readonly #maxDigits: number;
  /** File offset and digits of the number before. */
  #before = NONE;
  #beforeDigits = 0;

  constructor(window: FileWindow, signature: Signature, extent: ArrayExtent, isReduced: boolean) {
    this.#window = window;
    this.#extent = extent;
    this.#signature = signature;
    this.#matches =
      signature.createMatcher?.(extent.key) ??
      ((bytes, start, end) => signature.keyOf(BigInt(readText(bytes, start, end))) === extent.key);
    this.#runs = isReduced ? new ReducedRuns(extent.key) : undefined;
    this.#minDigits = signature.start.toString().length;
    this.#maxDigits = (extent.range.end - 1n).toString().length;
  }

  /** The first problem, if there is one. Throws what the system throws. */
  findProblem(): Problem | undefined {
    const { from, to, first, close } = this.#extent;
    let at = from <= first ? first : this.#findStart();
    const end = Math.min(to, close);
    while (at < end) {
      this.#provide(at);
      at = this.#passRun(at, end);
      if (at >= end) break;
      this.#provide(at);
      const next = this.#checkNumber(at);
      if (typeof next !== 'number') return next;
      at = next;
    }
    return undefined;
  }

  /** The first number that begins at `from` or later; the one before it becomes the number before. */
  #findStart(): number {
    const window = this.#window;
    const { from, first } = this.#extent;
    this.#load(Math.max(first - 1, from - this.#maxDigits - 2), from + this.#maxDigits + 2);
    let at = from;
    while (isDigit(this.#byteAt(at - 1)) && at < window.end) at++;
    let before = at - 1;
    while (before > first && isDigit(this.#byteAt(before - 1))) before--;
    if (before < at - 1 && before >= window.base) {
      this.#before = before;
      this.#beforeDigits = at - 1 - before;
    }
    return at;
  }

  /** Makes the number at `at` available, with the one before it. */
  #provide(at: number): void {
    const needed = at + this.#maxDigits + 2;
    if (this.#window.end >= needed) return;
    const from = this.#before === NONE ? at : this.#before;
    this.#load(Math.max(this.#window.base, from - MARGIN_BYTES), needed);
  }

  #load(keep: number, needed: number): void {
    while (this.#window.end < needed && this.#window.slide(Math.max(keep, this.#window.base)));
  }

  #passRun(at: number, end: number): number {
    const { base, end: windowEnd, view } = this.#window;
    const digits = this.#beforeDigits;
    if (!this.#runs || digits < RUN_MIN_DIGITS || this.#before - base < MARGIN_BYTES) return at;
    // The comma behind each stands before the closing bracket; a number that begins before `end` may end behind it.
    const limit = Math.min(windowEnd, this.#extent.close, end + digits);
    const next = base + this.#runs.pass(view, at - base, limit - base, digits);
    if (next > at) this.#before = next - digits - 1;
    return next;
  }

  /** Where the number behind the one at `at` begins, or what is wrong with it. */
  #checkNumber(at: number): number | Problem {
    const { first, close, range, key } = this.#extent;
    const { bytes, base, end: windowEnd } = this.#window;
    let end = at;
    while (end < windowEnd && end - at <= this.#maxDigits && isDigit(bytes[end - base]!)) end++;
    const start = at - base;
    if (end === windowEnd) return { offset: end, what: fileEndsEarly() };
    if (end === at || bytes[start] === ZERO) return this.#describeByte(at, 'a number');
    if (end - at > this.#maxDigits)
      return { offset: at, what: numberOutsideRange(this.#read(at, end), range) };
    const closes = end === close;
    if (end > close) return this.#describeByte(close, ']');
    if (bytes[end - base] !== (closes ? CLOSING_BRACKET : COMMA))
      return this.#describeByte(end, closes ? ']' : ',');
    if (!this.#isAscending(at, end)) {
      return { offset: at, what: numberNotAscending(this.#read(at, end)) };
    }
    if ((closes || at === first) && !this.#isInRange(at, end)) {
      return { offset: at, what: numberOutsideRange(this.#read(at, end), range) };
    }
    if (!this.#matchesKey(start, end - base)) {
      return { offset: at, what: numberOfOtherKey(this.#read(at, end), this.#keyOf(at, end), key) };
    }
    this.#before = at;
    this.#beforeDigits = end - at;
    return end + 1;
  }

  #isAscending(at: number, end: number): boolean {
    if (this.#before === NONE) return true;
    const digits = end - at;
    if (digits !== this.#beforeDigits) return digits > this.#beforeDigits;
    const { bytes, base } = this.#window;
    for (let i = 0; i < digits; i++) {
      const difference = bytes[at - base + i]! - bytes[this.#before - base + i]!;
      if (difference !== 0) return difference > 0;
    }
    return false;
  }

  #isInRange(at: number, end: number): boolean {
    const number = BigInt(this.#read(at, end));
    const { range } = this.#extent;
    return number >= range.start && number < range.end;
  }

  #matchesKey(start: number, end: number): boolean {
    return end - start >= this.#minDigits && this.#matches(this.#window.bytes, start, end);
  }

  #keyOf(at: number, end: number): string | undefined {
    const number = BigInt(this.#read(at, end));
    return number < this.#signature.start ? undefined : this.#signature.keyOf(number);
  }

  #describeByte(at: number, expected: string): Problem {
    return { offset: at, what: textUnexpected(expected, this.#read(at, at + 1)) };
  }

  #read(at: number, end: number): string {
    return readText(this.#window.bytes, at - this.#window.base, end - this.#window.base);
  }

  #byteAt(at: number): number {
    return this.#window.bytes[at - this.#window.base]!;
  }
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9;
}

function readText(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, start, end - start).toString('latin1');
}
