import { sourceFileDamaged } from '../errors.js';
import type { Range } from '../range/range.js';
import { readListLines } from '../tables/line-scan.js';
import type { ManifestBucket } from '../tables/manifest.js';
import type { CopiedSpool } from './copied-spool.js';

const NO_CELL = new Uint8Array(0);

/**
 * Spools what the manifest at `path` says of its buckets: how many numbers each has, and which are the first and the last; offsets count from the
 * range's start. Throws TABLES for a bucket that does not lie in `range`.
 */
export function copyBuckets(
  spool: CopiedSpool,
  buckets: Iterable<ManifestBucket>,
  range: Range,
  path: string,
): void {
  for (const { key, count, first, last } of buckets) {
    if (count < 1n || first < range.start || last < first || last >= range.end) throw sourceFileDamaged(path);
    const [from, to] = [Number(first - range.start), Number(last - range.start)];
    spool.add({ key: Buffer.from(key), count: Number(count), first: from, last: to, cell: NO_CELL });
  }
}

/** What the lines of a list in a file of its own say. Throws TABLES where it is not what the manifest says, and what the system throws. */
export function* readCheckedLines<T>(
  path: string,
  expectedCrc: number,
  read: (value: unknown) => T,
): Generator<T> {
  const summed = { crc: 0 };
  try {
    yield* readListLines(path, summed, read);
  } catch (error) {
    throw error instanceof SyntaxError ? sourceFileDamaged(path) : error;
  }
  if (summed.crc !== expectedCrc) throw sourceFileDamaged(path);
}
