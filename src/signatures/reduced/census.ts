import { sizeOf, type Range } from '../../range/range.js';
import type { KeyedNumber, Tally } from '../signature.js';
import { keyOf } from './key.js';
import { tallyPrefixes } from './prefix-tally.js';
import { nextPrefix, previousPrefix, type PrefixSet } from './prefixes.js';
import { FIRST_LAST, formatKey, LAST_LAST, parseKey, residuesOf } from './residues.js';

/** The first number of the domain. */
export const REDUCED_START = 10n;

/** Below it, numbers have no prefix and the closed form of the prefixes does not hold. */
const PREFIXED = 100n;

/** The tally of all numbers below `n`; see `ClosedForm.tally`. */
export function tallyBelow(n: bigint): Tally {
  const prefix = n / PREFIXED;
  const whole = tallyPrefixes(prefix);
  // The numbers that share n's prefix or have none: at most 99 + 90, so they are simply listed.
  const listed = [
    ...listNumbers({ start: REDUCED_START, end: n < PREFIXED ? n : PREFIXED }),
    ...listNumbers({ start: prefix === 0n ? n : prefix * PREFIXED, end: n }),
  ];
  const counts = new Map<string, bigint>();
  const bytes = new Map<string, bigint>();
  for (const { key, number } of listed) {
    counts.set(key, (counts.get(key) ?? 0n) + 1n);
    bytes.set(key, (bytes.get(key) ?? 0n) + BigInt(number.toString().length + 1));
  }
  const sumOverResidues = (key: string, pick: (set: PrefixSet, target: number) => bigint): bigint => {
    const parts = parseKey(key);
    if (!parts) return 0n;
    return residuesOf(parts.last).reduce((sum, { set }) => sum + pick(set, parts.target), 0n);
  };
  return {
    count: (key) => sumOverResidues(key, (set, t) => whole[set].counts[t] ?? 0n) + (counts.get(key) ?? 0n),
    bytes: (key) => {
      // A prefix, two digits and a separator.
      const ofPrefixes = (set: PrefixSet, t: number): bigint =>
        (whole[set].digits[t] ?? 0n) + 3n * (whole[set].counts[t] ?? 0n);
      return sumOverResidues(key, ofPrefixes) + (bytes.get(key) ?? 0n);
    },
  };
}

function listNumbers({ start, end }: Range): KeyedNumber[] {
  const listed: KeyedNumber[] = [];
  for (let n = start; n < end; n++) listed.push({ key: keyOf(n), number: n });
  return listed;
}

/** See `ClosedForm.firstMembers`. */
export function firstMembers(range: Range): KeyedNumber[] {
  const extremes = findExtremes(range, nextPrefix, (a, b) => a < b);
  return extremes.sort((a, b) => (a.number < b.number ? -1 : 1));
}

/** See `ClosedForm.lastMembers`. */
export function lastMembers(range: Range): KeyedNumber[] {
  return findExtremes(range, previousPrefix, (a, b) => a > b);
}

/** Each key of `range` with the member that no other is `better` than; `find` gives the best prefix of a set. */
function findExtremes(
  range: Range,
  find: typeof nextPrefix,
  better: (a: bigint, b: bigint) => boolean,
): KeyedNumber[] {
  const best = new Map<string, bigint>();
  const offer = (key: string, n: bigint): void => {
    const known = best.get(key);
    if (known === undefined || better(n, known)) best.set(key, n);
  };
  const listedEnd = range.end < PREFIXED ? range.end : PREFIXED;
  for (const { key, number } of listNumbers({ start: range.start, end: listedEnd })) offer(key, number);
  const rest = { start: range.start < PREFIXED ? PREFIXED : range.start, end: range.end };
  if (sizeOf(rest) > 0n) offerPrefixed(rest, find, offer);
  return Array.from(best, ([key, number]) => ({ key, number }));
}

/** Offers the extreme member of every bucket and residue among the numbers of `range`, all of three digits or more. */
function offerPrefixed(range: Range, find: typeof nextPrefix, offer: (key: string, n: bigint) => void): void {
  const [from, fromResidue] = [range.start / PREFIXED, Number(range.start % PREFIXED)];
  const [below, belowResidue] = [range.end / PREFIXED, Number(range.end % PREFIXED)];
  const maxTarget = 10 * range.end.toString().length;
  for (let target = 1; target <= maxTarget; target++) {
    // A residue's prefixes begin one later where it lies before the range's start, and end one later before its end.
    const found = new Map<string, bigint | undefined>();
    const findFor = (set: PrefixSet, residue: number): bigint | undefined => {
      const skip = residue < fromResidue ? 1n : 0n;
      const extra = residue < belowResidue ? 1n : 0n;
      const key = `${set}${skip}${extra}`;
      if (!found.has(key)) found.set(key, find(set, target, from + skip, below + extra));
      return found.get(key);
    };
    for (let last = FIRST_LAST; last <= LAST_LAST; last++) {
      for (const { value, set } of residuesOf(last)) {
        const prefix = findFor(set, value);
        if (prefix !== undefined) offer(formatKey({ target, last }), prefix * PREFIXED + BigInt(value));
      }
    }
  }
}
