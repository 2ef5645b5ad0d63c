import { DIGIT_SUMS, FOUR_DIGITS } from '../range/four-digits.js';

const ZERO = 48; // "0" in ASCII
const COMMA = 44;
/** Digits of a number that are looked at one by one, the last six; those before them are the run's prefix. */
const OWN_DIGITS = 6;
const TAIL_MASK = 0xffffff;
/** The largest digit sum of four digits. */
const MAX_SUM = 36;

/** Numbers of fewer digits have no prefix. */
export const RUN_MIN_DIGITS = OWN_DIGITS + 1;

/**
 * Passes over numbers of the reduced signature `key` that follow on one another with the same digits up to the last
 * six: most of a bucket. Of a number with the prefix p and the end wxyzrs, only wxyzrs is looked at, four bytes at a
 * time. What it does not pass over need not be wrong: it is to be looked at in full.
 */
export class ReducedRuns {
  /** The digit sum of all digits but the last two, where no zeros at their end count. */
  readonly #sum: number;
  /** The last two digits and the comma behind them, as one number: r ≥ 11, and the r ≤ 10 that are reduced to it. */
  readonly #plainTail: number;
  readonly #lowTails: readonly [number, number];

  constructor(key: string) {
    const last = Number(key.slice(-2));
    this.#sum = Number(key.slice(0, -2)) - 1;
    this.#plainTail = encodeTail(last);
    if (last === 20) this.#lowTails = [encodeTail(10), encodeTail(0)];
    else if (last < 20) this.#lowTails = [encodeTail(last - 10), encodeTail(last - 10)];
    else this.#lowTails = [this.#plainTail, this.#plainTail];
  }

  /**
   * The index in `view` of the first number from `at` on that does not go on the run. The number before, at
   * `at - digits - 1`, has `digits` digits, too, and has been found right; all that is passed over ends before `limit`.
   * Four bytes before the number before are readable.
   */
  pass(view: DataView, at: number, limit: number, digits: number): number {
    // With r above 20 there is one number for each w x y z of the right digit sum, and none else.
    return this.#lowTails[0] === this.#plainTail
      ? this.#passPlain(view, at, limit, digits)
      : this.#passMixed(view, at, limit, digits);
  }

  #passPlain(view: DataView, at: number, limit: number, digits: number): number {
    const own = digits - OWN_DIGITS;
    const before = at - digits - 1;
    const lead = view.getInt32(before + own - 4);
    const sum = this.#sum - sumDigits(view, before, before + own);
    if (sum < 0 || sum > MAX_SUM) return at;
    const plainTail = this.#plainTail;
    let next = WORDS.placeOf(view.getInt32(before + own)) + 1;
    const end = Math.min(limit - digits - 1, at + (digits + 1) * (WORDS.starts[sum + 1]! - next - 1));
    const { words } = WORDS;
    for (; at <= end; at += digits + 1) {
      if (
        view.getInt32(at + own) !== words[next++] ||
        (view.getInt32(at + digits - 3) & TAIL_MASK) !== plainTail ||
        view.getInt32(at + own - 4) !== lead
      ) {
        return at;
      }
      for (let i = 0; i < own - 4; i += 4) {
        if (view.getInt32(at + i) !== view.getInt32(before + i)) return at;
      }
    }
    return at;
  }

  #passMixed(view: DataView, at: number, limit: number, digits: number): number {
    const stride = digits + 1;
    const own = digits - OWN_DIGITS;
    const before = at - stride;
    const lead = view.getInt32(before + own - 4);
    const sum = this.#sum - sumDigits(view, before, before + own);
    const plainTail = this.#plainTail;
    const [lowTail, otherLowTail] = this.#lowTails;
    let previous = view.getInt32(before + own);
    let previousTail = view.getInt32(before + digits - 3) & TAIL_MASK;
    for (; at + stride <= limit; at += stride) {
      const word = view.getInt32(at + own); // w x y z
      const zTail = view.getInt32(at + digits - 3); // z r s comma
      const tail = zTail & TAIL_MASK;
      if (view.getInt32(at + own - 4) !== lead) return at;
      if (word <= previous && (word !== previous || tail <= previousTail)) return at;
      // Where r ≤ 10, zeros before it count.
      if (tail !== plainTail && ((tail !== lowTail && tail !== otherLowTail) || zTail >>> 24 === ZERO))
        return at;
      if (!isDigits(word) || Math.imul(word & 0x0f0f0f0f, 0x01010101) >>> 24 !== sum) return at;
      for (let i = 0; i < own - 4; i += 4) {
        if (view.getInt32(at + i) !== view.getInt32(before + i)) return at;
      }
      previous = word;
      previousTail = tail;
    }
    return at;
  }
}

/** All texts of four digits as numbers of 32 bits, by their digit sums, ascending. */
class DigitWords {
  readonly words = new Int32Array(10_000);
  /** Where each digit sum begins. */
  readonly starts = new Int32Array(MAX_SUM + 2);
  readonly #places = new Int16Array(10_000);

  constructor() {
    for (const sum of DIGIT_SUMS) this.starts[sum + 1]! += 1;
    for (let sum = 0; sum <= MAX_SUM; sum++) this.starts[sum + 1]! += this.starts[sum]!;
    const next = this.starts.slice();
    const texts = new DataView(FOUR_DIGITS.buffer);
    for (let value = 0; value < 10_000; value++) {
      const place = next[DIGIT_SUMS[value]!]!++;
      this.words[place] = texts.getInt32(4 * value);
      this.#places[value] = place;
    }
  }

  /** Where four digits stand in `words`. */
  placeOf(word: number): number {
    const [a, b, c, d] = [word >>> 24, (word >>> 16) & 0xff, (word >>> 8) & 0xff, word & 0xff];
    return this.#places[1000 * (a - ZERO) + 100 * (b - ZERO) + 10 * (c - ZERO) + d - ZERO]!;
  }
}

const WORDS = new DigitWords();

function encodeTail(twoDigits: number): number {
  return ((ZERO + Math.floor(twoDigits / 10)) << 16) | ((ZERO + (twoDigits % 10)) << 8) | COMMA;
}

function sumDigits(view: DataView, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at++) sum += view.getUint8(at) - ZERO;
  return sum;
}

/** Whether all four bytes are ASCII digits: their high halves are 3, also once 6 is added to each. */
function isDigits(word: number): boolean {
  return ((word & 0xf0f0f0f0) | (((word + 0x06060606) & 0xf0f0f0f0) >>> 4)) === 0x33333333;
}
