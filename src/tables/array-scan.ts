import { tableDamaged } from '../errors.js';
import { LIST_LINE_MAX_BYTES, SCAN_BLOCK_BYTES } from '../limits.js';
import type { ManifestFile } from './manifest.js';
import type { TableFiles } from './table-files.js';

/** Where a JSON array stands in its file, in bytes. */
export interface ArrayPlace {
  readonly offset: number;
  readonly bytes: number;
}

const OPENING = 0x5b; // [
const CLOSING = 0x5d; // ]

/**
 * The places of all arrays of a table file by key, found by going through it block by block: numbers and commas hold no
 * bracket, so an array ends at the next closing one. Throws TABLES where the text is no table.
 */
export function scanTable(files: TableFiles, { file, bytes }: ManifestFile): Map<string, ArrayPlace> {
  const cursor = new BlockCursor(files, file, Number(bytes));
  const places = new Map<string, ArrayPlace>();
  if (bytes === 2n && cursor.text(0, 2) === '{}') return places; // a job without any key
  for (let at = 0; at < Number(bytes) - 1;) {
    const opening = cursor.find(OPENING, at, true);
    const isKey = opening - at <= LIST_LINE_MAX_BYTES;
    const key = isKey ? readKey(cursor.text(at, opening), at === 0) : undefined;
    if (key === undefined) throw tableDamaged(files.pathOf(file), at, 'no bucket begins here');
    const closing = cursor.find(CLOSING, opening, false);
    places.set(key, { offset: opening, bytes: closing + 1 - opening });
    at = closing + 1;
  }
  return places;
}

/** The key in `{"1667":` or `,"1667":`. */
function readKey(label: string, isFirst: boolean): string | undefined {
  if (!label.startsWith(isFirst ? '{' : ',') || !label.endsWith(':')) return undefined;
  return parseKey(label.slice(1, -1));
}

/** The key that a JSON text is; nothing for another text. */
export function parseKey(text: string): string | undefined {
  try {
    const key: unknown = JSON.parse(text);
    return typeof key === 'string' ? key : undefined;
  } catch {
    return undefined;
  }
}

class BlockCursor {
  readonly #files: TableFiles;
  readonly #file: string;
  readonly #sizeBytes: number;
  readonly #block = Buffer.allocUnsafe(SCAN_BLOCK_BYTES);
  #start = 0;
  #length = 0;

  constructor(files: TableFiles, file: string, sizeBytes: number) {
    this.#files = files;
    this.#file = file;
    this.#sizeBytes = sizeBytes;
  }

  /** The offset of the next `byte` from `from` on; with `skipsStrings` one that is in no JSON string. */
  find(byte: number, from: number, skipsStrings: boolean): number {
    let isInString = false;
    for (let at = from; at < this.#sizeBytes;) {
      this.#load(at);
      const block = this.#block.subarray(at - this.#start, this.#length);
      if (!skipsStrings) {
        const found = block.indexOf(byte);
        if (found >= 0) return at + found;
        at += block.length;
        continue;
      }
      for (let i = 0; i < block.length; i++) {
        if (block[i] === 0x5c) i += 1;
        else if (block[i] === 0x22) isInString = !isInString;
        else if (!isInString && block[i] === byte) return at + i;
      }
      at += block.length;
    }
    throw tableDamaged(this.#files.pathOf(this.#file), from, 'the bucket that begins here does not end');
  }

  text(from: number, end: number): string {
    const bytes = Buffer.allocUnsafe(end - from);
    this.#files.read(this.#file, bytes, bytes.length, from);
    return bytes.toString('utf8');
  }

  #load(at: number): void {
    if (at >= this.#start && at < this.#start + this.#length) return;
    this.#start = at;
    this.#length = this.#files.read(this.#file, this.#block, this.#block.length, at);
    if (this.#length === 0) throw tableDamaged(this.#files.pathOf(this.#file), at, 'the file ends here');
  }
}
