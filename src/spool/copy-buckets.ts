import { closeSync, constants, openSync, readSync } from 'node:fs';
import { sourceFileDamaged } from '../errors.js';
import { LIST_LINE_MAX_BYTES, SCAN_BLOCK_BYTES } from '../limits.js';
import type { Range } from '../range/range.js';
import { crc32 } from '../tables/crc32.js';
import { readBucket } from '../tables/manifest-quick.js';
import type { ManifestBucket } from '../tables/manifest.js';
import type { CopiedSpool } from './copied-spool.js';

const LINE_FEED = 0x0a;
const NO_CELL = new Uint8Array(0);
const READ_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Spools what the manifest at `path`, or the list of its buckets, says of them: how many numbers each has, and which are the first and the last;
 * offsets count from the range's start. Throws TABLES for a bucket that does not lie in `range`.
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

/** The buckets that a list in a file of its own tells of. Throws TABLES where it is not what the manifest says, and what the system throws. */
export function* readBucketLines(path: string, expectedCrc: number): Generator<ManifestBucket> {
  const fd = openSync(path, READ_FLAGS);
  try {
    let rest: Buffer = Buffer.alloc(0);
    let crc = 0;
    for (let position = 0; ;) {
      const block = Buffer.allocUnsafe(SCAN_BLOCK_BYTES);
      const read = readSync(fd, block, 0, block.length, position);
      if (read === 0) break;
      position += read;
      crc = crc32(block.subarray(0, read), crc);
      const bytes = Buffer.concat([rest, block.subarray(0, read)]);
      const end = bytes.lastIndexOf(LINE_FEED) + 1;
      rest = bytes.subarray(end);
      if (rest.length > LIST_LINE_MAX_BYTES) throw sourceFileDamaged(path);
      for (let from = 0; from < end;) {
        const to = bytes.indexOf(LINE_FEED, from);
        yield readLine(path, bytes.toString('utf8', from, to));
        from = to + 1;
      }
    }
    if (rest.length > 0 || crc !== expectedCrc) throw sourceFileDamaged(path);
  } finally {
    closeSync(fd);
  }
}

function readLine(path: string, line: string): ManifestBucket {
  try {
    return readBucket(JSON.parse(line));
  } catch {
    throw sourceFileDamaged(path);
  }
}
