import { toWholeNumber, type WholeNumber } from '../range/whole-number.js';

const COMMA = 0x2c;
const ZERO = 0x30;
/** Longer numbers are not exact as `number`. */
const EXACT_DIGITS = 15;

/** Numbers that stand one behind the other in a text: bytes from its start, without the comma behind the last one. */
export interface NumberRun {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly first: WholeNumber;
  readonly last: WholeNumber;
}

/** No number stands where one is to, or none that is above the one before it; `at` counts from the start of the text. */
export class NumberMisplaced extends Error {
  override readonly name = 'NumberMisplaced';
  readonly at: number;
  /** The number that does not ascend; none where there is no number. */
  readonly number: WholeNumber | undefined;

  constructor(at: number, number: WholeNumber | undefined) {
    super('no number, or none above the one before');
    this.at = at;
    this.number = number;
  }
}

/**
 * Goes through a text of ascending numbers with commas between them, all above `above`, and gives `take` each run of numbers that lie below the
 * same bound: `boundOf` says what bound a number lies below. Returns the last number. Throws a NumberMisplaced.
 */
export function cutNumbers(
  text: Uint8Array,
  above: WholeNumber,
  boundOf: (n: WholeNumber) => WholeNumber,
  take: (run: NumberRun) => void,
): WholeNumber {
  let [from, count, at] = [0, 0, 0];
  let first: WholeNumber = 0;
  let last = above;
  let bound: WholeNumber | undefined;
  while (at <= text.length) {
    const end = findEnd(text, at);
    const value = readNumber(text, at, end);
    if (value === undefined || value <= last) throw new NumberMisplaced(at, value);
    if (bound === undefined || value >= bound) {
      if (count > 0) take({ from, to: at - 1, count, first, last });
      [from, count, first] = [at, 0, value];
      bound = boundOf(value);
    }
    last = value;
    count += 1;
    at = end + 1;
  }
  take({ from, to: text.length, count, first, last });
  return last;
}

function findEnd(text: Uint8Array, start: number): number {
  let at = start;
  while (at < text.length && text[at] !== COMMA) at++;
  return at;
}

function readNumber(text: Uint8Array, start: number, end: number): WholeNumber | undefined {
  if (start === end || (text[start] === ZERO && end - start > 1)) return undefined;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = text[at]! - ZERO;
    if (!(digit >= 0 && digit <= 9)) return undefined;
    value = value * 10 + digit;
  }
  if (end - start <= EXACT_DIGITS) return value;
  return BigInt(Buffer.from(text.buffer, text.byteOffset + start, end - start).toString('latin1'));
}

/** Calls `visit` for each number of a text that `cutNumbers` has passed, with where it begins in the text. */
export function visitNumbers(text: Uint8Array, visit: (n: WholeNumber, at: number) => void): void {
  for (let at = 0; at < text.length;) {
    const end = findEnd(text, at);
    const value = readNumber(text, at, end)!;
    visit(typeof value === 'bigint' ? toWholeNumber(value) : value, at);
    at = end + 1;
  }
}
