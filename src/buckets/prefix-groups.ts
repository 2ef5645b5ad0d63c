import { DIGIT_SUMS, TRAILING_ZEROS } from '../range/four-digits.js';

const BLOCK = 10_000;

/** The prefixes of `[from, from + count)`, as offsets from `from`, grouped by target, ascending within a group. */
export interface PrefixGroup {
  readonly offsets: Int32Array;
  /** Group t is `offsets[starts[t]]` up to, not including, `offsets[starts[t + 1]]`. */
  readonly starts: Int32Array;
}

export interface PrefixGroups {
  /** By digit sum D(m). */
  readonly plain: PrefixGroup;
  /** By D(m) + Z(m). */
  readonly tailed: PrefixGroup;
  /** More than any target that has a prefix. */
  readonly targets: number;
}

/** Groups prefixes by counting sort. Its arrays are used again, so a result holds until the next one is asked for. */
export class PrefixGrouper {
  #plainTargets = new Uint16Array(0);
  #tailedTargets = new Uint16Array(0);
  #plainOffsets = new Int32Array(0);
  #tailedOffsets = new Int32Array(0);

  /** Groups the `count` prefixes from `from` ≥ 1 on: 12 bytes of memory and two passes for each. */
  group(from: bigint, count: number): PrefixGroups {
    if (this.#plainTargets.length < count) this.#reserve(count);
    const targets = this.#findTargets(from, count);
    return {
      plain: sortByTarget(this.#plainTargets.subarray(0, count), targets, this.#plainOffsets),
      tailed: sortByTarget(this.#tailedTargets.subarray(0, count), targets, this.#tailedOffsets),
      targets,
    };
  }

  #reserve(count: number): void {
    this.#plainTargets = new Uint16Array(count);
    this.#tailedTargets = new Uint16Array(count);
    this.#plainOffsets = new Int32Array(count);
    this.#tailedOffsets = new Int32Array(count);
  }

  /** Finds both targets of each prefix; returns one more than any of them. */
  #findTargets(from: bigint, count: number): number {
    let targets = 0;
    for (let done = 0; done < count;) {
      const block = (from + BigInt(done)) / BigInt(BLOCK);
      const low = Number((from + BigInt(done)) % BigInt(BLOCK));
      const length = Math.min(BLOCK - low, count - done);
      const head = String(block);
      const headSum = Array.from(head).reduce((sum, digit) => sum + Number(digit), 0);
      const headTail = /0*$/.exec(head)?.[0].length ?? 0;
      for (let i = 0; i < length; i++) {
        const sum = headSum + DIGIT_SUMS[low + i]!;
        this.#plainTargets[done + i] = sum;
        this.#tailedTargets[done + i] = sum + TRAILING_ZEROS[low + i]!;
      }
      if (low === 0) this.#tailedTargets[done] = headSum + 4 + headTail;
      targets = Math.max(targets, headSum + 9 * 4 + headTail + 5);
      done += length;
    }
    return targets;
  }
}

function sortByTarget(targetOf: Uint16Array, targets: number, offsets: Int32Array): PrefixGroup {
  const starts = new Int32Array(targets + 1);
  for (let i = 0; i < targetOf.length; i++) starts[targetOf[i]! + 1]! += 1;
  for (let t = 0; t < targets; t++) starts[t + 1]! += starts[t]!;
  const next = starts.slice();
  for (let i = 0; i < targetOf.length; i++) {
    const t = targetOf[i]!;
    const at = next[t]!;
    offsets[at] = i;
    next[t] = at + 1;
  }
  return { offsets, starts };
}
