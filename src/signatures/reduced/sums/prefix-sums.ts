import { listFans, type Fan } from '../fans.js';
import type { PrefixSet } from '../prefixes.js';

/** By target, from `low` on: how many prefixes there are, and what they add up to. Below and above, there are none. */
export interface SetSums {
  readonly low: number;
  readonly counts: readonly bigint[];
  readonly sums: readonly bigint[];
}

export type PrefixSums = Readonly<Record<PrefixSet, SetSums>>;

/** Targets from `low` to `high`, both included. */
export interface Targets {
  readonly low: number;
  readonly high: number;
}

interface Vectors {
  readonly low: number;
  readonly counts: bigint[];
  readonly sums: bigint[];
}

const MAX_DIGIT = 9;

/**
 * Counts and adds up the prefixes 1 ≤ `from` ≤ m < `below` at each of the targets, or at all, without enumerating them:
 * digit by digit from the front. What is kept at each digit are the beginnings of prefixes that may be followed by any
 * digits, by their own target. O(digits) steps of at most as many additions as there are targets.
 */
export function sumPrefixes(from: bigint, below: bigint, wanted?: Targets): PrefixSums {
  const fans = listFans(from, below);
  const [first] = fans;
  const length = first ? first.digits.length : 0;
  const { low, high } = wanted ?? { low: 0, high: MAX_DIGIT * length };
  const fansAt = groupByPlace(fans, length);
  const heads = new Heads(fans);
  let plain: Vectors = makeVectors(0, -1);
  let tailed: Vectors = makeVectors(0, -1);
  for (let at = 0; at < length; at++) {
    const free = length - 1 - at;
    // A digit takes a beginning at most 9 further; zeros alone take what ends in zeros one further each.
    const next = makeVectors(Math.max(0, low - MAX_DIGIT * free), Math.min(high, MAX_DIGIT * (at + 1)));
    const nextTailed = makeVectors(Math.max(0, low - free), Math.min(high - free, MAX_DIGIT * (at + 1)));
    extendByDigit(plain, tailed, next, nextTailed);
    for (const fan of fansAt[at] ?? []) addHeads(next, nextTailed, fan, heads.of(fan.digits));
    heads.advance(at);
    plain = next;
    tailed = nextTailed;
  }
  return { plain, tailed };
}

function groupByPlace(fans: readonly Fan[], length: number): Fan[][] {
  const groups: Fan[][] = Array.from({ length }, () => []);
  for (const fan of fans) groups[fan.at]!.push(fan);
  return groups;
}

/** The numbers that the first digits of the two bounds make, one digit more at a time. */
class Heads {
  readonly #values = new Map<string, bigint>();

  constructor(fans: readonly Fan[]) {
    for (const { digits } of fans) this.#values.set(digits, 0n);
  }

  of(digits: string): bigint {
    return this.#values.get(digits) ?? 0n;
  }

  /** Takes the digit at `at` in. */
  advance(at: number): void {
    for (const [digits, head] of this.#values) {
      this.#values.set(digits, head * 10n + BigInt(digits.charAt(at)));
    }
  }
}

function makeVectors(low: number, high: number): Vectors {
  const length = Math.max(0, high - low + 1);
  return { low, counts: new Array<bigint>(length).fill(0n), sums: new Array<bigint>(length).fill(0n) };
}

/** Adds to `next` and `nextTailed` all that is in `plain` and `tailed`, followed by each digit. */
function extendByDigit(plain: Vectors, tailed: Vectors, next: Vectors, nextTailed: Vectors): void {
  const slide = new Slide(plain, Math.min(next.low, nextTailed.low));
  const end = Math.max(next.low + next.counts.length, nextTailed.low + nextTailed.counts.length);
  for (let target = slide.target; target < end; target++) {
    if (target > slide.target) slide.advance();
    const i = target - next.low;
    if (i >= 0 && i < next.counts.length) {
      next.counts[i] = slide.count;
      next.sums[i] = 10n * slide.sum + slide.digits;
    }
    const j = target - nextTailed.low;
    if (j < 0 || j >= nextTailed.counts.length) continue;
    // A 0 lengthens the zeros at the end; any other digit ends them.
    nextTailed.counts[j] = read(tailed, 'counts', target - 1) + slide.count - read(plain, 'counts', target);
    const others = slide.sum - read(plain, 'sums', target);
    nextTailed.sums[j] = 10n * (read(tailed, 'sums', target - 1) + others) + slide.digits;
  }
}

/** What a digit behind the beginnings of `vectors` brings to a target, one target after the other. */
class Slide {
  readonly #vectors: Vectors;
  target: number;
  /** How many beginnings a digit brings to the target, what they add up to, and what those digits add up to. */
  count = 0n;
  sum = 0n;
  digits = 0n;

  constructor(vectors: Vectors, target: number) {
    this.#vectors = vectors;
    this.target = target;
    for (let digit = 0; digit <= MAX_DIGIT; digit++) {
      const count = read(vectors, 'counts', target - digit);
      this.count += count;
      this.sum += read(vectors, 'sums', target - digit);
      this.digits += BigInt(digit) * count;
    }
  }

  advance(): void {
    this.target += 1;
    const { target } = this;
    const leaving = read(this.#vectors, 'counts', target - MAX_DIGIT - 1);
    // Each digit grows by one, and the beginnings with a 9 leave: they would need a ten.
    this.digits += this.count - 10n * leaving;
    this.count += read(this.#vectors, 'counts', target) - leaving;
    this.sum += read(this.#vectors, 'sums', target) - read(this.#vectors, 'sums', target - MAX_DIGIT - 1);
  }
}

function read(vectors: Vectors, what: 'counts' | 'sums', target: number): bigint {
  const i = target - vectors.low;
  return i >= 0 && i < vectors.counts.length ? vectors[what][i]! : 0n;
}

/** Adds the beginnings that `fan` consists of, `head` being its shared digits. */
function addHeads(plain: Vectors, tailed: Vectors, { sum, tail, from, to }: Fan, head: bigint): void {
  for (let digit = from; digit <= to; digit++) {
    const value = head * 10n + BigInt(digit);
    addHead(plain, sum + digit, value);
    addHead(tailed, digit === 0 ? sum + tail + 1 : sum + digit, value);
  }
}

function addHead({ low, counts, sums }: Vectors, target: number, value: bigint): void {
  const i = target - low;
  if (i < 0 || i >= counts.length) return;
  counts[i]! += 1n;
  sums[i]! += value;
}
