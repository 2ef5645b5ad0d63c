import { tableDamaged } from '../errors.js';
import { LIST_LINE_MAX_BYTES, LIST_PROBE_BYTES, STREAM_BLOCK_BYTES } from '../limits.js';
import type { TableFiles } from './table-files.js';

const LINE_FEED = 0x0a;

/** A line of the list, without its line feed. */
interface Line {
  readonly offset: number;
  readonly bytes: Buffer;
}

/** A file of lines as a manifest names it. */
export interface LineFile {
  readonly file: string;
  /** How many lines it has. */
  readonly count: bigint;
}

/**
 * What is said of the keys of a table set in a file of its own: a line each that begins with the key, sorted by their bytes. Of a look-up some
 * thirty small reads are made. All methods throw TABLES where the file is gone or is not as it must be.
 */
export abstract class LineList<T> {
  readonly #files: TableFiles;
  readonly #file: string;
  readonly #count: bigint;
  readonly #bytesOf: (file: string) => bigint | undefined;

  /** `bytesOf` says how large a file of the table set is. */
  constructor({ file, count }: LineFile, files: TableFiles, bytesOf: (file: string) => bigint | undefined) {
    this.#file = file;
    this.#count = count;
    this.#files = files;
    this.#bytesOf = bytesOf;
  }

  /** What the JSON value of a line says. Throws where it says nothing. */
  protected abstract read(value: unknown): T;

  /** What is wrong with what a line says; nothing where it is as it must be. */
  protected abstract findFault(item: T): string | undefined;

  /** What the line of `key` says; nothing where there is none. */
  find(key: string): T | undefined {
    const wanted = Buffer.from(`{"key":${JSON.stringify(key)},`);
    // The wanted line begins from `low`, where a line does, to before `high`.
    let [low, high] = [0, this.#sizeBytes];
    while (low < high) {
      const middle = low + Math.floor((high - low) / 2);
      const line = this.#lineFrom(middle, low, high);
      const order = line && Buffer.compare(line.bytes.subarray(0, wanted.length), wanted);
      if (!line || order === undefined || order > 0) high = middle;
      else if (order < 0) low = line.offset + line.bytes.length + 1;
      else return this.#parse(line);
    }
    return undefined;
  }

  /** What all lines say, in their order, read block by block. */
  *list(): Generator<T, void, undefined> {
    const end = this.#sizeBytes;
    let count = 0n;
    for (let at = 0; at < end;) {
      const block = this.#readLines(at, end, STREAM_BLOCK_BYTES);
      for (let from = 0; from < block.length;) {
        const to = block.indexOf(LINE_FEED, from);
        yield this.#parse({ offset: at + from, bytes: block.subarray(from, to) });
        from = to + 1;
        count += 1n;
      }
      at += block.length;
    }
    if (count !== this.#count)
      throw this.#damagedAt(end, `${count} lines, not the ${this.#count} of the manifest`);
  }

  get #sizeBytes(): number {
    return Number(this.#bytesOf(this.#file) ?? 0n);
  }

  /** The first line that begins from `at` to before `end`, if there is one; at `low` there does. */
  #lineFrom(at: number, low: number, end: number): Line | undefined {
    if (at === low) return this.#lineAt(at, this.#readLines(at, this.#sizeBytes, LIST_PROBE_BYTES));
    // From the byte before: `at` may be a beginning itself.
    const block = this.#readLines(at - 1, this.#sizeBytes, LIST_PROBE_BYTES);
    const skipped = block.indexOf(LINE_FEED) + 1;
    const offset = at - 1 + skipped;
    if (offset >= end) return undefined;
    const left = block.subarray(skipped);
    return this.#lineAt(
      offset,
      left.length > 0 ? left : this.#readLines(offset, this.#sizeBytes, LIST_PROBE_BYTES),
    );
  }

  #lineAt(offset: number, block: Buffer): Line {
    return { offset, bytes: block.subarray(0, block.indexOf(LINE_FEED)) };
  }

  /** The bytes from `at` on, to a line's end: some `wantedBytes`, more where no line ends in those. */
  #readLines(at: number, end: number, wantedBytes: number): Buffer {
    for (let bytes = wantedBytes; ; bytes *= 4) {
      const block = Buffer.allocUnsafe(Math.min(bytes, end - at));
      const read = this.#files.read(this.#file, block, block.length, at);
      const lines = block.subarray(0, block.subarray(0, read).lastIndexOf(LINE_FEED) + 1);
      if (lines.length > 0) return lines;
      if (at + bytes >= end || bytes >= LIST_LINE_MAX_BYTES)
        throw this.#damagedAt(at, 'a line that does not end');
    }
  }

  #parse({ offset, bytes }: Line): T {
    const item = this.#readLine(offset, bytes);
    const fault = this.findFault(item);
    if (fault !== undefined) throw this.#damagedAt(offset, fault);
    return item;
  }

  #readLine(offset: number, bytes: Buffer): T {
    try {
      return this.read(JSON.parse(bytes.toString('utf8')));
    } catch {
      throw this.#damagedAt(offset, 'no line of such a list stands there');
    }
  }

  #damagedAt(offset: number, what: string): Error {
    return tableDamaged(this.#files.pathOf(this.#file), offset, what);
  }
}
