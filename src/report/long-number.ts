import { formatCount } from '../format.js';

const SHOWN_DIGITS = 36;
const HEAD_DIGITS = 14;
const TAIL_DIGITS = 8;
const COMMAS_UP_TO = 30;

/** The digits of a number; of a long one the first and the last. */
export function shortenDigits(digits: string): string {
  if (digits.length <= SHOWN_DIGITS) return digits;
  return `${digits.slice(0, HEAD_DIGITS)}…${digits.slice(-TAIL_DIGITS)} (${formatCount(digits.length)} digits)`;
}

/** A number that stands for itself, as bounds do: with commas, as a power of ten where it is a long one, or shortened. */
export function formatLongNumber(n: bigint): string {
  const digits = n.toString();
  if (digits.length <= COMMAS_UP_TO) return formatCount(n);
  return /^10+$/.test(digits) ? `10^${digits.length - 1}` : shortenDigits(digits);
}

/** Sums of some of them stay finite, and nobody builds numbers of that size; a manifest may claim them all the same. */
const DRAWN_MAX = 1e305;

/** A number as it can be drawn: finite, whatever was claimed. */
export function toDrawable(n: number | bigint): number {
  return Math.min(Math.max(Number(n), -DRAWN_MAX), DRAWN_MAX);
}
