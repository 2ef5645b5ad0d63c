import { closeSync, openSync, readSync } from 'node:fs';
import { READ_PLAIN } from '../files/plain-file.js';
import { LIST_LINE_MAX_BYTES, SCAN_BLOCK_BYTES } from '../limits.js';
import { crc32 } from './crc32.js';

const LINE_FEED = 0x0a;

/**
 * What the lines of a list in a file of its own say, read block by block: `read` takes the JSON value of each, and throws for what is none.
 * `summed` takes the CRC-32 of what has been read. Throws a SyntaxError for what is no such list, and what the system throws.
 */
export function* readListLines<T>(
  path: string,
  summed: { crc: number },
  read: (value: unknown) => T,
): Generator<T> {
  const fd = openSync(path, READ_PLAIN);
  try {
    let rest: Buffer = Buffer.alloc(0);
    const block = Buffer.allocUnsafe(SCAN_BLOCK_BYTES);
    for (let position = 0; ;) {
      const bytesRead = readSync(fd, block, 0, block.length, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      summed.crc = crc32(block.subarray(0, bytesRead), summed.crc);
      const bytes = Buffer.concat([rest, block.subarray(0, bytesRead)]);
      const end = bytes.lastIndexOf(LINE_FEED) + 1;
      rest = bytes.subarray(end);
      if (rest.length > LIST_LINE_MAX_BYTES) throw new SyntaxError('a line of the list does not end');
      yield* readLines(bytes, end, read);
    }
    if (rest.length > 0) throw new SyntaxError('the last line of the list does not end');
  } finally {
    closeSync(fd);
  }
}

function* readLines<T>(bytes: Buffer, end: number, read: (value: unknown) => T): Generator<T> {
  for (let from = 0; from < end;) {
    const to = bytes.indexOf(LINE_FEED, from);
    yield readLine(bytes.toString('utf8', from, to), read);
    from = to + 1;
  }
}

function readLine<T>(line: string, read: (value: unknown) => T): T {
  try {
    return read(JSON.parse(line));
  } catch {
    throw new SyntaxError('a line of the list is not as it must be');
  }
}
