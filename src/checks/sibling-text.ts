import type { Range } from '../range/range.js';
import { crc32, multiplyModP, shiftCrc } from '../tables/crc32.js';
import type { FileWindow } from './file-window.js';
import { findRuns, holdsByte, measureChange, passNumber, patchRuns, type Run } from './number-runs.js';
import type { Difference } from './siblings.js';

const ZERO = 48; // "0" in ASCII
/** How far in front of a number's separator its last two digits stand. */
const UNITS = 1;
const TENS = 2;
const PLACES = { units: [UNITS], 'tens and units': [UNITS, TENS] } as const;

/** What one byte adds to a CRC-32 that is linear: no initial and no final complement. */
const LINEAR_CRC = Uint32Array.from(
  { length: 16 },
  (_, value) => (crc32(Uint8Array.of(value)) ^ crc32(Uint8Array.of(0))) >>> 0,
);

/** A part of a bucket's file; bytes. */
export interface Part {
  readonly key: string;
  readonly fileBytes: number;
  readonly from: number;
  readonly to: number;
}

/** One digit of every number of the text. */
interface Place {
  readonly before: number;
  /** What a change of the lowest bit of all these digits changes of the part's CRC-32. */
  readonly crc: number;
  digit: number;
}

/**
 * The text of a part of a bucket's file, which it turns into what its siblings' files are to hold at the same place: the
 * last digits of each number change, and the key. What is equal to that is as right as the text that was looked at, for
 * it has the same prefixes in the same order. Its CRC-32 follows by arithmetic, as that of a change does not depend on
 * what is changed.
 */
export class SiblingText {
  readonly bytes: Uint8Array;
  /** The file offset of `bytes[0]`. */
  readonly base: number;
  /** The file offsets between which it tells every byte: the part and the rest of the numbers that it cuts. */
  readonly start: number;
  readonly end: number;
  readonly #to: number;
  readonly #runs: readonly Run[];
  readonly #places: readonly Place[];
  /** What stands before the first number; absent where that is not in the part. */
  #label: Buffer | undefined;
  #crc: number;

  private constructor(
    { bytes, base, crc }: FileWindow,
    { key, from, to }: Part,
    difference: Difference,
    text: { readonly start: number; readonly end: number; readonly runs: readonly Run[] },
  ) {
    [this.bytes, this.base, this.#crc, this.#to, this.#runs] = [bytes, base, crc, to, text.runs];
    this.#label = from === 0 ? labelOf(key) : undefined;
    [this.start, this.end] = [text.start, text.end];
    this.#places = PLACES[difference].map((before) => ({
      before,
      crc: measureChange(text.runs, before, from - base, to - base),
      digit: digitOf(key, before),
    }));
  }

  /**
   * The text of a part that `window` has been over, if it still holds it; nothing where it does not look like a list of
   * such numbers: then its siblings are to be looked at on their own.
   */
  static of(window: FileWindow, part: Part, difference: Difference): SiblingText | undefined {
    const { bytes, base, end: windowEnd, filled } = window;
    const { key, from, to, fileBytes } = part;
    const label = labelOf(key);
    if (base > from || windowEnd < to || (from > 0 && base < label.length)) return undefined;
    if (from === 0 && label.compare(bytes, 0, label.length) !== 0) return undefined;
    // Numbers that the part's bounds cut are wholly in the text: whether they are right depends on all of their digits.
    const start = from === 0 ? label.length : passNumber(bytes, 0, filled);
    const end = to === fileBytes ? to - 1 - base : passNumber(bytes, to - base, filled);
    if (start === undefined || end === undefined || end < start) return undefined;
    if (from > 0 && base + start > from) return undefined;
    // The brace at the end is the last number's, as in a check of the file by itself.
    const textEnd = base + end === fileBytes - 1 ? fileBytes : base + end;
    if (windowEnd < textEnd) return undefined;
    const runs = findRuns(bytes, start, end);
    // A digit that is another one would change by something else.
    const isOfKey = (before: number): boolean => holdsByte(bytes, runs!, before, ZERO + digitOf(key, before));
    if (!runs || !PLACES[difference].every(isOfKey)) return undefined;
    return new SiblingText(window, part, difference, {
      start: from === 0 ? 0 : base + start,
      end: textEnd,
      runs,
    });
  }

  /** The CRC-32 of the part. */
  get crc(): number {
    return this.#crc >>> 0;
  }

  /** Turns the text into that of the bucket `key`, of the same family. */
  change(key: string): void {
    for (const place of this.#places) {
      const digit = digitOf(key, place.before);
      if (digit === place.digit) continue;
      patchRuns(this.bytes, this.#runs, place.before, ZERO + digit);
      this.#crc ^= multiplyModP(LINEAR_CRC[place.digit ^ digit]!, place.crc);
      place.digit = digit;
    }
    if (!this.#label) return;
    const label = labelOf(key);
    this.bytes.set(label);
    this.#crc ^= shiftCrc(crc32(label) ^ crc32(this.#label), this.#to - label.length);
    this.#label = label;
  }

  /** Whether its first and its last number are in `range`. */
  isWithin({ start, end }: Range): boolean {
    const [first, last] = [this.#runs[0], this.#runs.at(-1)];
    if (!first || !last) return true;
    const lastSeparator = last.first + (last.count - 1) * last.stride;
    return this.#numberAt(first.first, first) >= start && this.#numberAt(lastSeparator, last) < end;
  }

  #numberAt(separator: number, { stride }: Run): bigint {
    return BigInt(Buffer.from(this.bytes.subarray(separator - stride + 1, separator)).toString('latin1'));
  }
}

function labelOf(key: string): Buffer {
  return Buffer.from(`{"${key}":[`);
}

function digitOf(key: string, before: number): number {
  const last = Number(key.slice(-2));
  return before === UNITS ? last % 10 : Math.floor(last / 10);
}
