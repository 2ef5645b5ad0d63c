import type { Range } from '../../range/range.js';

/** Below it, numbers have no prefix and the closed form of the prefixes does not hold. */
const PREFIXED = 100n;
const ZERO = 48; // "0" in ASCII

/** A prefix of which a range has some numbers only. */
export interface CutPrefix {
  readonly prefix: bigint;
  /** The residues n mod 100 that are in the range: from `from` to before `end`. */
  readonly from: number;
  readonly end: number;
  /** Its target in each set. */
  readonly plain: number;
  readonly tailed: number;
  /** Its digits in decimal. */
  readonly width: number;
}

/** A range as the closed form sees it; the parts are ascending. */
export interface RangeParts {
  /** The numbers of two digits: from `bareFrom` to before `bareEnd`. */
  readonly bareFrom: number;
  readonly bareEnd: number;
  readonly before: CutPrefix | undefined;
  /** The prefixes of which all numbers are in the range: from `from` ≥ 1 to before `below`. */
  readonly from: bigint;
  readonly below: bigint;
  readonly behind: CutPrefix | undefined;
}

/** Splits a range of numbers from 10 on; every number is in one part. */
export function splitAtPrefixes({ start, end }: Range): RangeParts {
  const bareFrom = Number(start < PREFIXED ? start : PREFIXED);
  const bareEnd = Number(end < PREFIXED ? end : PREFIXED);
  const prefixed = start < PREFIXED ? PREFIXED : start;
  const first = prefixed / PREFIXED;
  const last = end / PREFIXED;
  const fromResidue = Number(prefixed - first * PREFIXED);
  const endResidue = Number(end - last * PREFIXED);
  if (first >= last) {
    const isCut = first === last && fromResidue < endResidue;
    const behind = isCut ? cutPrefix(last, fromResidue, endResidue) : undefined;
    return { bareFrom, bareEnd, before: undefined, from: first, below: first, behind };
  }
  return {
    bareFrom,
    bareEnd,
    before: fromResidue > 0 ? cutPrefix(first, fromResidue, 100) : undefined,
    from: fromResidue > 0 ? first + 1n : first,
    below: last,
    behind: endResidue > 0 ? cutPrefix(last, 0, endResidue) : undefined,
  };
}

function cutPrefix(prefix: bigint, from: number, end: number): CutPrefix {
  const digits = prefix.toString();
  let plain = 0;
  let tail = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(i) - ZERO;
    plain += digit;
    tail = digit === 0 ? tail + 1 : 0;
  }
  return { prefix, from, end, plain, tailed: plain + tail, width: digits.length };
}
