import type { Range } from '../../range/range.js';
import { listFans } from './fans.js';
import { splitAtPrefixes, type CutPrefix, type RangeParts } from './range-parts.js';
import { BARE_TARGET, FIRST_LAST, LAST_LAST, LAST_TAILED, lastOfBare, residuesOf } from './residues.js';
import { TargetSet } from './target-set.js';

const TAILED_LASTS = LAST_TAILED - FIRST_LAST + 1;
const PLAIN_LASTS = LAST_LAST - LAST_TAILED;
/** The last value that the number 10 alone has. */
const LAST_OF_TEN = 10;

/** `keys` keys at each target from `low` to `high`. */
type VisitRun = (low: number, high: number, keys: number) => void;

/** The keys of a range's numbers, known from its fans. */
export class KeySet {
  readonly #parts: RangeParts;
  readonly #cuts: readonly CutPrefix[];
  /** The targets that the whole prefixes have in `plain`, and those that they have in one of the two sets. */
  readonly #plain = new TargetSet();
  readonly #either = new TargetSet();

  constructor(range: Range) {
    this.#parts = splitAtPrefixes(range);
    const { before, behind, from, below } = this.#parts;
    this.#cuts = [before, behind].filter((cut) => cut !== undefined);
    for (const { sum, tail, from: first, to, free } of listFans(from, below)) {
      this.#plain.add(sum + first, sum + to + 9 * free);
      this.#either.add(sum + first, sum + to + 9 * free);
      // Only zeros behind the shared digits, which lengthen their tail, can bring a prefix further than nines do.
      if (first === 0) this.#either.add(sum + tail + 1 + free, sum + tail + 1 + free);
    }
  }

  /** Visits every key once. */
  forEachRun(visit: VisitRun): void {
    this.#plain.forEachInterval((low, high) => visit(low, high, PLAIN_LASTS));
    this.#either.forEachInterval((low, high) => visit(low, high, TAILED_LASTS));
    if (this.#parts.bareFrom < this.#parts.bareEnd) return this.#visitOthers(LAST_OF_TEN, LAST_LAST, visit);
    this.#visitPlainCuts(visit);
    const isKnown = this.#cuts.every((cut) => this.#either.has(cut.plain) && this.#either.has(cut.tailed));
    if (!isKnown) this.#visitOthers(FIRST_LAST, LAST_TAILED, visit);
  }

  #visitOthers(firstLast: number, lastLast: number, visit: VisitRun): void {
    for (let last = firstLast; last <= lastLast; last++) {
      for (const target of this.#listOthers(last)) visit(target, target, 1);
    }
  }

  /** As `#visitOthers` for the last values above 20 without two-digit numbers, in one run for each cut prefix. */
  #visitPlainCuts(visit: VisitRun): void {
    this.#cuts.forEach((cut, i) => {
      const twin = this.#cuts[i + 1]?.plain === cut.plain ? this.#cuts[i + 1] : undefined;
      const from = Math.max(cut.from, LAST_TAILED + 1);
      // Where the cut prefix behind is at the same target, it has the residues up to its end.
      const keys = cut.end - Math.max(from, twin?.end ?? 0);
      if (keys > 0 && !this.#plain.has(cut.plain)) visit(cut.plain, cut.plain, keys);
    });
  }

  /** Whether there is a key with these parts, for last values from 11 to 20. */
  hasTailed(target: number, last: number): boolean {
    return this.#either.has(target) || this.#listOthers(last).includes(target);
  }

  /** The targets of the keys with this last value that the whole prefixes do not have. */
  #listOthers(last: number): readonly number[] {
    const ofWhole = last > LAST_TAILED ? this.#plain : this.#either;
    const others: number[] = [];
    for (const { value, set } of residuesOf(last)) {
      for (const cut of this.#cuts) {
        const isNew = value >= cut.from && value < cut.end && !ofWhole.has(cut[set]);
        if (isNew && !others.includes(cut[set])) others.push(cut[set]);
      }
    }
    const isKnown = (last !== LAST_OF_TEN && ofWhole.has(BARE_TARGET)) || others.includes(BARE_TARGET);
    return !isKnown && this.#hasBare(last) ? [...others, BARE_TARGET] : others;
  }

  #hasBare(last: number): boolean {
    for (let n = this.#parts.bareFrom; n < this.#parts.bareEnd; n++) if (lastOfBare(n) === last) return true;
    return false;
  }
}
