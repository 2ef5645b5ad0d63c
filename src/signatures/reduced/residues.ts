import { keyOf } from './key.js';
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

/** Residues below it are of prefixes in the set `tailed`, the others of prefixes in `plain`. */
export const PLAIN_FROM = 11;
/** Last values above it have residues of the set `plain` only. */
export const LAST_TAILED = 20;
/** The target of all numbers of two digits. */
export const BARE_TARGET = 1;

const RESIDUES = Array.from({ length: LAST_LAST + 1 }, (_, last) => listResidues(last));
const NO_RESIDUES: readonly Residue[] = [];

/** The residues whose numbers reduce to `last`, ascending; for n ≥ 100, where no number reduces to 10. */
export function residuesOf(last: number): readonly Residue[] {
  return RESIDUES[last] ?? NO_RESIDUES;
}

function listResidues(last: number): readonly Residue[] {
  const own: Residue = { value: last, set: 'plain' };
  if (last > LAST_TAILED) return [own];
  const zero: Residue = { value: 0, set: 'tailed' };
  if (last === LAST_TAILED) return [zero, { value: 10, set: 'tailed' }, own];
  return last > 10 ? [{ value: last - 10, set: 'tailed' }, own] : [];
}

/** The last value of numbers from 100 on with this residue. */
export function lastOfResidue(residue: number): number {
  if (residue >= PLAIN_FROM) return residue;
  return residue === 0 ? LAST_TAILED : residue + 10;
}

const BARE_LASTS = Array.from({ length: 100 }, (_, n) => (n < 10 ? 0 : Number(keyOf(BigInt(n)).slice(2))));

/** The last value of a number of two digits. */
export function lastOfBare(n: number): number {
  return BARE_LASTS[n]!;
}

/** Keys up to this target are kept, once made: those of numbers of up to some 56 digits. */
const KEPT_TARGETS = 500;
const keptKeys: string[][] = [];

/** The key with these parts. */
export function formatKey({ target, last }: KeyParts): string {
  if (target >= KEPT_TARGETS) return makeKey(target, last);
  const keys = (keptKeys[target] ??= Array.from({ length: LAST_LAST + 1 }, (_, i) => makeKey(target, i)));
  return keys[last]!;
}

function makeKey(target: number, last: number): string {
  return String(target + 1).padStart(2, '0') + String(last).padStart(2, '0');
}

const ZERO = 48; // "0" in ASCII

/** The parts of a key; nothing for what is no key of this signature. */
export function parseKey(key: string): KeyParts | undefined {
  if (key.length < 4 || (key.length > 4 && key.charCodeAt(0) === ZERO)) return undefined;
  let value = 0;
  for (let i = 0; i < key.length; i++) {
    const digit = key.charCodeAt(i) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return undefined;
    value = value * 10 + digit;
  }
  const last = value % 100;
  return { target: (value - last) / 100 - 1, last };
}
