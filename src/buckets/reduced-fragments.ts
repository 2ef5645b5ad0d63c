import { splitIntoJobs, type Jobs } from '../range/jobs.js';
import { sizeOf, type Range } from '../range/range.js';
import { keyOf } from '../signatures/reduced/key.js';
import { FIRST_LAST, formatKey, LAST_LAST } from '../signatures/reduced/residues.js';
import { crc32, shiftCrc } from '../tables/crc32.js';
import { FRAGMENT_MARGIN_BYTES, SLICE_NUMBERS } from '../limits.js';
import type { FragmentSource, FragmentText, TakeFragment } from './fragment.js';
import { NumberList } from './number-list.js';
import { PrefixGrouper, type PrefixGroup, type PrefixGroups } from './prefix-groups.js';

const PER_PREFIX = 100n;
/** Its multiples, modulo 1, spread more evenly than those of any other number. */
const GOLDEN_RATIO = (1 + Math.sqrt(5)) / 2;

/** Numbers of a bucket whose prefix is not whole in the slice: they stand before or behind the list. */
interface Strays {
  readonly before: string[];
  readonly behind: string[];
}

/**
 * Groups the numbers of a slice by reduced signature and hands over each bucket's text. All buckets of one step count
 * share their prefixes, so that their numbers are formatted once: for the last values 21 to 99, for 11 to 19, for 20.
 */
export class ReducedFragments implements FragmentSource {
  readonly #grouper = new PrefixGrouper();
  readonly #list = new NumberList();
  readonly #strayText = new Uint8Array(2 * FRAGMENT_MARGIN_BYTES);
  #codes = new Int32Array(0);

  slicesOf(job: Range): Jobs {
    return splitIntoJobs(job, SLICE_NUMBERS);
  }

  forEach(slice: Range, take: TakeFragment): void {
    const from = maxOf((slice.start + PER_PREFIX - 1n) / PER_PREFIX, 1n);
    const below = maxOf(slice.end / PER_PREFIX, from);
    const strays = collectStrays(slice, from * PER_PREFIX, below * PER_PREFIX);
    const takeWithStrays: TakeFragment = (key, text) => {
      const own = strays.get(key);
      strays.delete(key);
      take(key, own ? addStrays(text, own) : text);
    };
    const groups = this.#grouper.group(from, Number(below - from));
    const first = chooseFirstTarget(slice, groups.targets);
    for (let i = 0; i < groups.targets; i++) {
      this.#takeTarget(groups, from, (first + i) % groups.targets, takeWithStrays);
    }
    for (const [key, own] of strays) take(key, addStrays(this.#emptyText(), own));
  }

  #takeTarget({ plain, tailed }: PrefixGroups, from: bigint, target: number, take: TakeFragment): void {
    const plainOffsets = groupOf(plain, target);
    const tailedOffsets = groupOf(tailed, target);
    const list = this.#list;
    if (plainOffsets.length > 0) {
      list.format(from, this.#merge([], [plainOffsets]), plainOffsets.length, [2], 1);
      for (let last = 21; last <= LAST_LAST; last++) {
        if (last % 10 === 0) list.setTens(last / 10);
        list.setUnits(last % 10);
        take(formatKey({ target, last }), list.text);
      }
    }
    // Tens digits by kind: a tailed prefix has its number r = last − 10, and for 20 also 00; a plain one r = last.
    let count = plainOffsets.length + tailedOffsets.length;
    if (count === 0) return;
    list.format(from, this.#merge([tailedOffsets], [plainOffsets]), count, [0, 1], 1);
    for (let last = FIRST_LAST; last <= 19; last++) {
      list.setUnits(last % 10);
      take(formatKey({ target, last }), list.text);
    }
    count += tailedOffsets.length;
    list.format(from, this.#merge([tailedOffsets, tailedOffsets], [plainOffsets]), count, [0, 1, 2], 0);
    take(formatKey({ target, last: 20 }), list.text);
  }

  /** Merges ascending groups of offsets to ascending codes, 4·offset + the group's place among the arguments. */
  #merge(tailed: readonly Int32Array[], plain: readonly [Int32Array]): Int32Array {
    const kinds = tailed.length;
    const [plainOffsets] = plain;
    const tailedOffsets = tailed[0] ?? new Int32Array(0);
    const needed = plainOffsets.length + kinds * tailedOffsets.length;
    if (this.#codes.length < needed) this.#codes = new Int32Array(needed);
    const codes = this.#codes;
    let at = 0;
    let i = 0;
    for (let j = 0; j < plainOffsets.length; j++) {
      const offset = plainOffsets[j]!;
      for (; i < tailedOffsets.length && tailedOffsets[i]! <= offset; i++) {
        for (let kind = 0; kind < kinds; kind++) codes[at++] = 4 * tailedOffsets[i]! + kind;
      }
      codes[at++] = 4 * offset + kinds;
    }
    for (; i < tailedOffsets.length; i++) {
      for (let kind = 0; kind < kinds; kind++) codes[at++] = 4 * tailedOffsets[i]! + kind;
    }
    return codes;
  }

  #emptyText(): FragmentText {
    return { buffer: this.#strayText, start: FRAGMENT_MARGIN_BYTES, end: FRAGMENT_MARGIN_BYTES, crc: 0 };
  }
}

/**
 * Where among the targets a slice begins: neighbours begin far apart, so that workers which start together do not wait
 * for each other to create the same files.
 */
function chooseFirstTarget(slice: Range, targets: number): number {
  const place = Number((slice.start / sizeOf(slice)) % 1000n);
  return Math.floor(((place * GOLDEN_RATIO) % 1) * targets);
}

function maxOf(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function groupOf(group: PrefixGroup, target: number): Int32Array {
  return group.offsets.subarray(group.starts[target], group.starts[target + 1]);
}

/** The numbers of `slice` outside `[wholeStart, wholeEnd)`, by key: fewer than 300. */
function collectStrays(slice: Range, wholeStart: bigint, wholeEnd: bigint): Map<string, Strays> {
  const strays = new Map<string, Strays>();
  const collect = (start: bigint, end: bigint, side: keyof Strays): void => {
    for (let n = start; n < end; n++) {
      const key = keyOf(n);
      const own = strays.get(key) ?? { before: [], behind: [] };
      own[side].push(n.toString());
      strays.set(key, own);
    }
  };
  const beforeEnd = slice.end < wholeStart ? slice.end : wholeStart;
  collect(slice.start, beforeEnd, 'before');
  collect(maxOf(wholeEnd, beforeEnd), slice.end, 'behind');
  return strays;
}

/** Writes strays into the margins around a text. */
function addStrays({ buffer, start, end, crc }: FragmentText, { before, behind }: Strays): FragmentText {
  const empty = start === end;
  const head = before.join(',') + (before.length > 0 && (!empty || behind.length > 0) ? ',' : '');
  const tail = (behind.length > 0 && !empty ? ',' : '') + behind.join(',');
  const headBytes = Buffer.from(head);
  const tailBytes = Buffer.from(tail);
  buffer.set(headBytes, start - headBytes.length);
  buffer.set(tailBytes, end);
  const headed = shiftCrc(crc32(headBytes), end - start) ^ crc;
  return {
    buffer,
    start: start - headBytes.length,
    end: end + tailBytes.length,
    crc: (shiftCrc(headed, tailBytes.length) ^ crc32(tailBytes)) >>> 0,
  };
}
