const BLOCK = 10_000;

/** Digit sum and zeros at the end of every four-digit string. */
const BLOCK_SUMS = Uint8Array.from({ length: BLOCK }, (_, i) =>
  Array.from(String(i)).reduce((sum, digit) => sum + Number(digit), 0),
);
const BLOCK_TAILS = Uint8Array.from(
  { length: BLOCK },
  (_, i) => /0*$/.exec(String(i).padStart(4, '0'))?.[0].length ?? 0,
);

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
  /** No group is empty-checked beyond it: one more than the largest target. */
  readonly targets: number;
}

/** Groups `count` prefixes from `from` ≥ 1 on by counting sort: 12 bytes of memory and two passes for each. */
export function groupPrefixes(from: bigint, count: number): PrefixGroups {
  const plainTargets = new Uint16Array(count);
  const tailedTargets = new Uint16Array(count);
  let targets = 0;
  for (let done = 0; done < count;) {
    const block = (from + BigInt(done)) / BigInt(BLOCK);
    const low = Number((from + BigInt(done)) % BigInt(BLOCK));
    const length = Math.min(BLOCK - low, count - done);
    const head = String(block);
    const headSum = block === 0n ? 0 : Array.from(head).reduce((sum, digit) => sum + Number(digit), 0);
    const headTail = /0*$/.exec(head)?.[0].length ?? 0;
    for (let i = 0; i < length; i++) {
      const sum = headSum + BLOCK_SUMS[low + i]!;
      plainTargets[done + i] = sum;
      tailedTargets[done + i] = sum + BLOCK_TAILS[low + i]!;
    }
    if (low === 0) tailedTargets[done] = headSum + 4 + headTail;
    targets = Math.max(targets, headSum + 9 * 4 + headTail + 5);
    done += length;
  }
  return {
    plain: sortByTarget(plainTargets, targets),
    tailed: sortByTarget(tailedTargets, targets),
    targets,
  };
}

function sortByTarget(targetOf: Uint16Array, targets: number): PrefixGroup {
  const starts = new Int32Array(targets + 1);
  for (let i = 0; i < targetOf.length; i++) starts[targetOf[i]! + 1]! += 1;
  for (let t = 0; t < targets; t++) starts[t + 1]! += starts[t]!;
  const next = starts.slice();
  const offsets = new Int32Array(targetOf.length);
  for (let i = 0; i < targetOf.length; i++) {
    const t = targetOf[i]!;
    const at = next[t]!;
    offsets[at] = i;
    next[t] = at + 1;
  }
  return { offsets, starts };
}
