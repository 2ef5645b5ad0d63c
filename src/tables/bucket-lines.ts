import { closeSync, openSync, readSync } from 'node:fs';
import { READ_PLAIN } from '../files/plain-file.js';
import { LIST_LINE_MAX_BYTES, SCAN_BLOCK_BYTES } from '../limits.js';
import { crc32 } from './crc32.js';
import { readBucket } from './manifest-quick.js';
import type { ManifestBucket } from './manifest.js';

const LINE_FEED = 0x0a;
/**
 * The buckets that a list in a file of its own tells of, read block by block; `summed` takes the CRC-32 of what has been read. Throws a
 * SyntaxError for what is no list of buckets, and what the system throws.
 */
export function* readBucketLines(path: string, summed: { crc: number }): Generator<ManifestBucket> {
  const fd = openSync(path, READ_PLAIN);
  try {
    let rest: Buffer = Buffer.alloc(0);
    const block = Buffer.allocUnsafe(SCAN_BLOCK_BYTES);
    for (let position = 0; ;) {
      const read = readSync(fd, block, 0, block.length, position);
      if (read === 0) break;
      position += read;
      summed.crc = crc32(block.subarray(0, read), summed.crc);
      const bytes = Buffer.concat([rest, block.subarray(0, read)]);
      const end = bytes.lastIndexOf(LINE_FEED) + 1;
      rest = bytes.subarray(end);
      if (rest.length > LIST_LINE_MAX_BYTES) throw new SyntaxError('a line of the list does not end');
      yield* readLines(bytes, end);
    }
    if (rest.length > 0) throw new SyntaxError('the last line of the list does not end');
  } finally {
    closeSync(fd);
  }
}

function* readLines(bytes: Buffer, end: number): Generator<ManifestBucket> {
  for (let from = 0; from < end;) {
    const to = bytes.indexOf(LINE_FEED, from);
    yield readLine(bytes.toString('utf8', from, to));
    from = to + 1;
  }
}

function readLine(line: string): ManifestBucket {
  try {
    return readBucket(JSON.parse(line));
  } catch {
    throw new SyntaxError('a line of the list is no bucket');
  }
}
