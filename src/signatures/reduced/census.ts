import type { Range } from '../../range/range.js';
import type { BucketSize, KeyedNumber } from '../signature.js';
import { BucketTally } from './bucket-tally.js';
import { findFirstPrefixes, findLastPrefixes, type PrefixesByTarget } from './prefixes.js';
import { splitAtPrefixes, type CutPrefix, type RangeParts } from './range-parts.js';
import { BARE_TARGET, formatKey, lastOfBare, lastOfResidue, PLAIN_FROM } from './residues.js';

/** The first number of the domain. */
export const REDUCED_START = 10n;

/** Numbers `base + residue` for the residues from `from` to before `end`, with their targets. */
interface Span {
  readonly base: bigint;
  readonly from: number;
  readonly end: number;
  readonly plain: number;
  readonly tailed: number;
}

type VisitMember = (target: number, last: number, base: bigint, residue: number) => void;

/** See `ClosedForm.firstMembers`. */
export function firstMembers(range: Range): KeyedNumber[] {
  const members: KeyedNumber[] = [];
  visitFirsts(splitAtPrefixes(range), (target, last, base, residue) => {
    members.push({ key: formatKey({ target, last }), number: base + BigInt(residue) });
  });
  return members;
}

/** See `ClosedForm.lastMembers`. */
export function lastMembers(range: Range): KeyedNumber[] {
  const members: KeyedNumber[] = [];
  visitLasts(splitAtPrefixes(range), (target, last, base, residue) => {
    members.push({ key: formatKey({ target, last }), number: base + BigInt(residue) });
  });
  return members;
}

/** See `ClosedForm.bucketSizes`. */
export function bucketSizes(range: Range): BucketSize[] {
  const sizes: BucketSize[] = [];
  const tally = new BucketTally(range);
  visitFirsts(splitAtPrefixes(range), (target, last) => {
    sizes.push({ key: formatKey({ target, last }), bytes: tally.bytesAt(target, last) });
  });
  return sizes;
}

/** Visits the first member of each bucket, ascending. */
function visitFirsts(parts: RangeParts, visit: VisitMember): void {
  const visitNew = skipKnown(visit);
  for (let n = parts.bareFrom; n < parts.bareEnd; n++) visitNew(BARE_TARGET, lastOfBare(n), 0n, n);
  for (const { base, from, end, plain, tailed } of listSpans(
    parts,
    findFirstPrefixes(parts.from, parts.below),
  )) {
    for (let r = from; r < end; r++) visitNew(r < PLAIN_FROM ? tailed : plain, lastOfResidue(r), base, r);
  }
}

/** Visits the last member of each bucket, descending. */
function visitLasts(parts: RangeParts, visit: VisitMember): void {
  const visitNew = skipKnown(visit);
  const spans = listSpans(parts, findLastPrefixes(parts.from, parts.below));
  for (const { base, from, end, plain, tailed } of spans.reverse()) {
    for (let r = end - 1; r >= from; r--)
      visitNew(r < PLAIN_FROM ? tailed : plain, lastOfResidue(r), base, r);
  }
  for (let n = parts.bareEnd - 1; n >= parts.bareFrom; n--) visitNew(BARE_TARGET, lastOfBare(n), 0n, n);
}

/** `visit` for the first member of each bucket that comes along. */
function skipKnown(visit: VisitMember): VisitMember {
  const known: Uint8Array[] = [];
  return (target, last, base, residue) => {
    const ofTarget = (known[target] ??= new Uint8Array(100));
    if (ofTarget[last] === 1) return;
    ofTarget[last] = 1;
    visit(target, last, base, residue);
  };
}

/** The numbers among which the extreme members of all prefixed buckets are, ascending. */
function listSpans({ before, behind }: RangeParts, { plain, tailed }: PrefixesByTarget): Span[] {
  const spans: Span[] = [];
  // Of the spans of one prefix the tailed one comes first, and the sort leaves it there.
  tailed.forEach((prefix, target) => {
    if (prefix !== undefined)
      spans.push({ base: prefix * 100n, from: 0, end: PLAIN_FROM, plain: 0, tailed: target });
  });
  plain.forEach((prefix, target) => {
    if (prefix !== undefined)
      spans.push({ base: prefix * 100n, from: PLAIN_FROM, end: 100, plain: target, tailed: 0 });
  });
  spans.sort((a, b) => (a.base < b.base ? -1 : a.base > b.base ? 1 : 0));
  if (before) spans.unshift(spanOf(before));
  if (behind) spans.push(spanOf(behind));
  return spans;
}

function spanOf({ prefix, from, end, plain, tailed }: CutPrefix): Span {
  return { base: prefix * 100n, from, end, plain, tailed };
}
