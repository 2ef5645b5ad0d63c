import type { PrefixSet } from './prefixes.js';

/** Two last digits that a bucket's numbers may have, and the set that their prefixes are in. */
export interface Residue {
  /** n mod 100. */
  readonly value: number;
  readonly set: PrefixSet;
}

/** The parts of a reduced signature: numbers of a bucket stand at `target` in the sets of `last`'s residues. */
export interface KeyParts {
  /** steps − 1: the D(m), or D(m) + Z(m), of the bucket's prefixes. */
  readonly target: number;
  /** The last value, 10 to 99. */
  readonly last: number;
}

export const FIRST_LAST = 11;
export const LAST_LAST = 99;

/** The residues whose numbers reduce to `last`, ascending; for n ≥ 100, where no number reduces to 10. */
export function residuesOf(last: number): readonly Residue[] {
  const own: Residue = { value: last, set: 'plain' };
  if (last > 20) return [own];
  if (last === 20) return [{ value: 0, set: 'tailed' }, { value: 10, set: 'tailed' }, own];
  return last > 10 ? [{ value: last - 10, set: 'tailed' }, own] : [];
}

export function formatKey({ target, last }: KeyParts): string {
  return String(target + 1).padStart(2, '0') + String(last);
}

export function parseKey(key: string): KeyParts | undefined {
  if (!/^\d{4,}$/.test(key)) return undefined;
  return { target: Number(key.slice(0, -2)) - 1, last: Number(key.slice(-2)) };
}
