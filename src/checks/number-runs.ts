import { repeatCrc, shiftCrc } from '../tables/crc32.js';
import { fillStrided } from '../tables/fill-strided.js';

const ZERO = 48; // "0" in ASCII
const COMMA = 44;
const CLOSING_BRACKET = 93;

/** Numbers below 100 have no digits in front of their last two. */
const MIN_STRIDE = 4;

/** Numbers of one width that follow on one another; places are indexes into the bytes that they were found in. */
export interface Run {
  /** The separator behind the first number. */
  readonly first: number;
  readonly count: number;
  /** From one number to the next. */
  readonly stride: number;
}

/**
 * The runs of the numbers in `bytes` from `start`, where one begins, to `end`, behind a separator. Where the numbers
 * are right and ascending, every one is found; nothing where what stands there is not made of numbers from 100 on.
 */
export function findRuns(bytes: Uint8Array, start: number, end: number): readonly Run[] | undefined {
  const runs: Run[] = [];
  for (let at = start; at < end;) {
    let first = at;
    while (first < end && isDigit(bytes[first]!)) first++;
    const stride = first - at + 1;
    if (stride < MIN_STRIDE || first === end || !isSeparator(bytes[first]!)) return undefined;
    // A wider number has a digit where a separator would be, for numbers only become wider.
    let next = first + stride;
    while (next < end && isSeparator(bytes[next]!)) next += stride;
    runs.push({ first, count: (next - first) / stride, stride });
    at = next - stride + 1;
  }
  return runs;
}

/** Whether `byte` stands `before` places in front of every separator. */
export function holdsByte(bytes: Uint8Array, runs: readonly Run[], before: number, byte: number): boolean {
  for (const { first, count, stride } of runs) {
    const end = first - before + count * stride;
    for (let at = first - before; at < end; at += stride) if (bytes[at] !== byte) return false;
  }
  return true;
}

/** Writes `byte` `before` places in front of every separator. */
export function patchRuns(bytes: Uint8Array, runs: readonly Run[], before: number, byte: number): void {
  for (const { first, count, stride } of runs) fillStrided(bytes, first - before, count, stride, byte);
}

/**
 * What a change of the lowest bit of all bytes `before` places in front of the separators changes of the CRC-32 of the
 * bytes `[from, to)`.
 */
export function measureChange(runs: readonly Run[], before: number, from: number, to: number): number {
  let crc = 0;
  for (const { first, count, stride } of runs) {
    const at = first - before;
    const skipped = Math.max(0, Math.ceil((from - at) / stride));
    const end = Math.min(count, Math.ceil((to - at) / stride));
    if (end <= skipped) continue;
    const behind = to - 1 - (at + (end - 1) * stride);
    crc ^= shiftCrc(repeatCrc(stride, end - skipped), behind);
  }
  return crc >>> 0;
}

/** Behind the number that `at` is in, if its separator stands before `end`; nothing otherwise. */
export function passNumber(bytes: Uint8Array, at: number, end: number): number | undefined {
  while (at < end && isDigit(bytes[at]!)) at++;
  return at < end && isSeparator(bytes[at]!) ? at + 1 : undefined;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9;
}

function isSeparator(byte: number): boolean {
  return byte === COMMA || byte === CLOSING_BRACKET;
}
