import { closeSync, readSync } from 'node:fs';
import { openPlainFile } from '../files/plain-file.js';
import { SpoolDamaged } from '../errors.js';
import { LIST_BLOCK_BYTES } from '../limits.js';
import { crc32 } from '../tables/crc32.js';
import { writeFileDurably } from '../tables/durable.js';

/** Lines in a file of the spool, sorted by their bytes; each of their characters stands for a byte. */
export class SortedLines {
  readonly path: string;
  #bytes = 0;
  #crc = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** Sorts `lines` in their place and writes them. Throws what writing throws. */
  async write(lines: string[]): Promise<void> {
    lines.sort();
    await writeFileDurably(this.path, this.#encode(lines), { sync: false });
  }

  /** Reads them again, in blocks of some `blockBytes`; the file is open only while one is read. Throws a SpoolDamaged. */
  *read(blockBytes: number): Generator<string, void, undefined> {
    const block = Buffer.allocUnsafe(blockBytes);
    let [position, crc, rest] = [0, 0, ''];
    while (position < this.#bytes) {
      const bytes = block.subarray(0, this.#readBlock(block, position));
      if (bytes.length === 0) throw new SpoolDamaged(this.path, 'it is shorter than it was');
      position += bytes.length;
      crc = crc32(bytes, crc);
      const lines = `${rest}${bytes.toString('latin1')}`.split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    if (crc !== this.#crc || position !== this.#bytes) throw new SpoolDamaged(this.path, 'its lines');
  }

  *#encode(lines: readonly string[]): Generator<Buffer> {
    let text = '';
    for (const [i, line] of lines.entries()) {
      text += `${line}\n`;
      if (text.length < LIST_BLOCK_BYTES && i < lines.length - 1) continue;
      const bytes = Buffer.from(text, 'latin1');
      this.#bytes += bytes.length;
      this.#crc = crc32(bytes, this.#crc);
      yield bytes;
      text = '';
    }
  }

  #readBlock(block: Buffer, position: number): number {
    const fd = openPlainFile(this.path);
    try {
      return readSync(fd, block, 0, block.length, position);
    } finally {
      closeSync(fd);
    }
  }
}

/** All lines of sorted `sources`, sorted. */
export function mergeLines(sources: readonly Iterable<string>[]): Iterable<string> {
  if (sources.length <= 1) return sources[0] ?? [];
  const middle = sources.length >> 1;
  return mergeTwo(mergeLines(sources.slice(0, middle)), mergeLines(sources.slice(middle)));
}

function* mergeTwo(one: Iterable<string>, other: Iterable<string>): Generator<string, void, undefined> {
  const [left, right] = [one[Symbol.iterator](), other[Symbol.iterator]()];
  let [low, high] = [left.next(), right.next()];
  while (low.done !== true && high.done !== true) {
    if (low.value < high.value) {
      yield low.value;
      low = left.next();
    } else {
      yield high.value;
      high = right.next();
    }
  }
  for (; low.done !== true; low = left.next()) yield low.value;
  for (; high.done !== true; high = right.next()) yield high.value;
}
