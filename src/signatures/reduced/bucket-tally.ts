import type { Range } from '../../range/range.js';
import type { Tally } from '../signature.js';
import { BYTES_BEHIND_PREFIX, tallyPrefixes, type PrefixTally, type SetTally } from './prefix-tally.js';
import { splitAtPrefixes, type CutPrefix, type RangeParts } from './range-parts.js';
import { BARE_TARGET, lastOfBare, parseKey, residuesOf } from './residues.js';

/** A number of two digits and a separator. */
const BARE_BYTES = 3n;

/** What a number adds to a tally. */
type Measure = keyof SetTally;

/** The buckets of a range, counted. The counting waits for the first question. */
export class BucketTally implements Tally {
  readonly #parts: RangeParts;
  readonly #cuts: readonly CutPrefix[];
  #whole: PrefixTally | undefined;

  constructor(range: Range) {
    this.#parts = splitAtPrefixes(range);
    const { before, behind } = this.#parts;
    this.#cuts = [before, behind].filter((cut) => cut !== undefined);
  }

  count(key: string): bigint {
    const parts = parseKey(key);
    return parts ? this.#sum('counts', parts.target, parts.last) : 0n;
  }

  bytes(key: string): bigint {
    const parts = parseKey(key);
    return parts ? this.bytesAt(parts.target, parts.last) : 0n;
  }

  /** `bytes` of the key with these parts. */
  bytesAt(target: number, last: number): bigint {
    return this.#sum('bytes', target, last);
  }

  #sum(measure: Measure, target: number, last: number): bigint {
    this.#whole ??= tallyPrefixes(this.#parts.from, this.#parts.below);
    let sum = target === BARE_TARGET ? this.#sumBare(measure, last) : 0n;
    for (const { value, set } of residuesOf(last)) {
      sum += this.#whole[set][measure][target] ?? 0n;
      for (const cut of this.#cuts) {
        const isIn = cut[set] === target && value >= cut.from && value < cut.end;
        if (isIn) sum += measure === 'counts' ? 1n : BigInt(cut.width + BYTES_BEHIND_PREFIX);
      }
    }
    return sum;
  }

  #sumBare(measure: Measure, last: number): bigint {
    let count = 0n;
    for (let n = this.#parts.bareFrom; n < this.#parts.bareEnd; n++) if (lastOfBare(n) === last) count += 1n;
    return measure === 'counts' ? count : BARE_BYTES * count;
  }
}
