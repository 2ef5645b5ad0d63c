import { BARE_TARGET, FIRST_LAST, LAST_TAILED, parseKey } from '../signatures/reduced/residues.js';

/** How the numbers of two buckets of one family differ: in the last two digits, or in the last one. */
export type Difference = 'tens and units' | 'units';

/** Buckets of the reduced signature whose numbers are the same but for their last digits, which the keys tell. */
export interface Family {
  /** The same for all buckets of the family. */
  readonly name: string;
  readonly difference: Difference;
}

/**
 * The family of a bucket, if it has one. Of the numbers n = 100·m + r with the key (steps, last):
 * - above last = 20, r is last, and which m there are depends on the steps alone;
 * - from 11 to 19, r is last or last − 10, and which m there are with which of the two depends on the steps alone;
 * - 20 has three r, in no other bucket's pattern, and numbers of two digits are reduced in another way.
 */
export function familyOf(key: string): Family | undefined {
  const parts = parseKey(key);
  if (!parts || parts.target <= BARE_TARGET) return undefined;
  const { target, last } = parts;
  if (last > LAST_TAILED) return { name: `${target}:plain`, difference: 'tens and units' };
  if (last < LAST_TAILED && last >= FIRST_LAST) return { name: `${target}:tailed`, difference: 'units' };
  return undefined;
}

/** Sorts keys of a family into an order in which one digit alone changes from each to the next. */
export function orderByChange(a: string, b: string): number {
  const [x, y] = [Number(a.slice(-2)), Number(b.slice(-2))];
  const [tensOfX, tensOfY] = [Math.floor(x / 10), Math.floor(y / 10)];
  if (tensOfX !== tensOfY) return tensOfX - tensOfY;
  return tensOfX % 2 === 0 ? x - y : y - x;
}
