import { BARE_TARGET, lastOfBare, parseKey, residuesOf, type Residue } from './residues.js';

/** What a bucket is made of: a few numbers of two digits, then prefixes at a target, each with some of its residues. */
export interface BucketForm {
  readonly target: number;
  /** Its numbers below 100, ascending. */
  readonly bare: readonly number[];
  /** Ascending. */
  readonly residues: readonly Residue[];
  /** How many of the residues take prefixes by each set. */
  readonly plain: number;
  readonly tailed: number;
}

const NOTHING: BucketForm = { target: 0, bare: [], residues: [], plain: 0, tailed: 0 };
const BARE_BY_LAST = listBareByLast();
const kept = new Map<string, BucketForm>();
/** As many keys as numbers of some 50 digits have. */
const MAX_KEPT = 50_000;

/** What the bucket `key` is made of: of nothing where the signature has no such key. */
export function formOf(key: string): BucketForm {
  const known = kept.get(key);
  if (known) return known;
  const form = makeForm(key);
  if (kept.size < MAX_KEPT) kept.set(key, form);
  return form;
}

function makeForm(key: string): BucketForm {
  const parts = parseKey(key);
  if (!parts || parts.target < 1 || !Number.isSafeInteger(parts.target)) return NOTHING;
  const { target, last } = parts;
  const residues = residuesOf(last);
  const plain = residues.filter(({ set }) => set === 'plain').length;
  const bare = target === BARE_TARGET ? (BARE_BY_LAST.get(last) ?? []) : [];
  return { target, bare, residues, plain, tailed: residues.length - plain };
}

function listBareByLast(): ReadonlyMap<number, readonly number[]> {
  const byLast = new Map<number, number[]>();
  for (let n = 10; n < 100; n++) {
    const last = lastOfBare(n);
    byLast.set(last, [...(byLast.get(last) ?? []), n]);
  }
  return byLast;
}
