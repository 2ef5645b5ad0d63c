import { formatCount } from '../../format.js';

/** Counts up to this are written in full in axes, with a unit. */
const UNITS = ['', 'k', 'M', 'G', 'T'];

/** All digits of a count with commas, as far as anyone would read them. */
export function writeExactly(n: bigint): string {
  const digits = n.toString();
  return digits.length <= 60 ? digits.replace(/\B(?=(\d{3})+$)/g, ',') : formatCount(n);
}

/** A number at an axis: `25M`, `2e38`. */
export function writeTick(n: number): string {
  if (n === 0) return '0';
  const size = Math.abs(n);
  if (size >= 1e15 || size < 1e-3) return n.toExponential().replace('e+', 'e');
  let unit = 0;
  let scaled = n;
  while (Math.abs(scaled) >= 1000 && unit < UNITS.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  return `${Number(scaled.toPrecision(6))}${UNITS[unit] ?? ''}`;
}

/** A share of the whole: `1.32 %`. */
export function writeShare(part: bigint, whole: bigint): string {
  if (whole === 0n) return '';
  const percent = Number((part * 10n ** 12n) / whole) / 1e10;
  if (part > 0n && percent < 0.0001) return 'less than 0.0001 %';
  return `${Number(percent.toPrecision(3))} %`;
}
