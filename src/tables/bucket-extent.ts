import type { Range } from '../range/range.js';
import type { ClosedForm } from '../signatures/signature.js';
import type { ManifestBucket } from './manifest.js';

/**
 * What is wrong with what a manifest says of the bucket `key` (nothing where it names none), by the closed form over `range`: how many
 * numbers it has, which is the first and which the last. Costs microseconds.
 */
export function findWrongExtent(
  form: ClosedForm,
  range: Range,
  key: string,
  bucket: Pick<ManifestBucket, 'count' | 'first' | 'last'> | undefined,
): string | undefined {
  const below = form.rank(key, range.start);
  const count = form.rank(key, range.end) - below;
  const named = `the bucket ${JSON.stringify(key)}`;
  if (!bucket) return count > 0n ? `${named} is missing` : undefined;
  // A key that the signature does not have has neither a first number nor a last one.
  if (bucket.count !== count || count === 0n) return `${named} must have ${count} numbers`;
  if (bucket.first !== form.select(key, below)) return `${named} does not begin with its first number`;
  const last = form.select(key, below + count - 1n);
  return bucket.last === last ? undefined : `${named} does not end with its last number`;
}
