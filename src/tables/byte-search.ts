import { tableDamaged } from '../errors.js';
import { SCAN_BLOCK_BYTES } from '../limits.js';
import { parseKey, type ArrayPlace } from './array-scan.js';
import type { ManifestFile } from './manifest.js';
import type { TableFiles } from './table-files.js';

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPENING = 0x5b; // [
const BACKSLASH = 0x5c;
const CLOSING = 0x5d; // ]

/** What stands between a key and its numbers. */
const LABEL_END = Buffer.from('":[');

/** Finds places in a table file by the bytes that stand there, faster than by going through it bucket by bucket. */
export class ByteSearch {
  readonly #files: TableFiles;
  readonly #file: string;
  readonly #sizeBytes: number;

  constructor(files: TableFiles, { file, bytes }: Pick<ManifestFile, 'file' | 'bytes'>) {
    this.#files = files;
    this.#file = file;
    this.#sizeBytes = Number(bytes);
  }

  /**
   * Where the array of `key` stands. Not for a key that begins with a colon: that may look like what is between two others.
   * Throws TABLES for an array without end.
   */
  findArray(key: string): ArrayPlace | undefined {
    const label = Buffer.from(`{${JSON.stringify(key)}:[`);
    const isFirst = this.#read(0, label.length).equals(label);
    label[0] = COMMA;
    const at = isFirst ? 0 : this.#findNext(label, 1);
    if (at === undefined) return undefined;
    const offset = at + label.length - 1;
    const closing = this.#findNext(Buffer.of(CLOSING), offset);
    if (closing !== undefined) return { offset, bytes: closing + 1 - offset };
    throw tableDamaged(this.#files.pathOf(this.#file), offset, 'the bucket that begins here does not end');
  }

  /** The keys of arrays that `n` seems to stand in: whether it does is to be seen there. */
  *findHolders(n: bigint): Generator<string, void, undefined> {
    const digits = Buffer.from(String(n));
    for (const at of this.#findAll(digits, 1)) {
      const around = this.#read(at - 1, digits.length + 2);
      const [before, behind] = [around[0], around[digits.length + 1]];
      const isNumber = (before === COMMA || before === OPENING) && (behind === COMMA || behind === CLOSING);
      const key = isNumber ? this.#keyBefore(at) : undefined;
      if (key !== undefined) yield key;
    }
  }

  /** The key of the array that `at` is in, if it is in one. */
  #keyBefore(at: number): string | undefined {
    const opening = this.#findBefore(at, (block, from) => block.lastIndexOf(OPENING, from));
    const labelEnd = opening === undefined ? 0 : opening + 1 - LABEL_END.length;
    if (labelEnd <= 0 || !this.#read(labelEnd, LABEL_END.length).equals(LABEL_END)) return undefined;
    const quote = this.#findBefore(labelEnd, findOpeningQuote);
    return quote === undefined ? undefined : parseKey(this.#read(quote, labelEnd + 1 - quote).toString());
  }

  #findNext(needle: Buffer, from: number): number | undefined {
    for (const at of this.#findAll(needle, from)) return at;
    return undefined;
  }

  *#findAll(needle: Buffer, from: number): Generator<number, void, undefined> {
    const block = Buffer.allocUnsafe(SCAN_BLOCK_BYTES + needle.length);
    for (let start = from; start < this.#sizeBytes; start += SCAN_BLOCK_BYTES) {
      const read = block.subarray(0, this.#files.read(this.#file, block, block.length, start));
      for (
        let at = read.indexOf(needle);
        at >= 0 && at < SCAN_BLOCK_BYTES;
        at = read.indexOf(needle, at + 1)
      ) {
        yield start + at;
      }
    }
  }

  /** What `find` finds before `end`, in ever larger blocks, with a byte in front. */
  #findBefore(end: number, find: (block: Buffer, from: number) => number): number | undefined {
    for (let bytes = 1024; ; bytes *= 4) {
      const start = Math.max(0, end - bytes);
      const block = this.#read(start, end - start);
      const at = find(block, block.length - 1);
      if (at > 0 || start === 0) return at < 0 ? undefined : start + at;
    }
  }

  #read(offset: number, length: number): Buffer {
    const buffer = Buffer.allocUnsafe(length);
    return buffer.subarray(0, this.#files.read(this.#file, buffer, length, offset));
  }
}

/** The last quote that no backslash stands before: a key's first, looked for from its end. */
function findOpeningQuote(block: Buffer, from: number): number {
  let at = block.lastIndexOf(QUOTE, from);
  while (at > 0 && block[at - 1] === BACKSLASH) at = block.lastIndexOf(QUOTE, at - 1);
  return at;
}
