import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { READ_PLAIN } from '../files/plain-file.js';
import { LIST_LINE_MAX_BYTES, SCAN_BLOCK_BYTES } from '../limits.js';
import { crc32 } from './crc32.js';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPENING = 0x5b; // [
const BACKSLASH = 0x5c;
const CLOSING = 0x5d; // ]
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/** Some of a bucket's numbers with commas between them, or its value. Valid until the next one is asked for. */
export interface TablePiece {
  /** The key in UTF-8: the same object for all pieces of a bucket. */
  readonly key: Uint8Array;
  readonly text: Uint8Array;
  /** Where the text begins: bytes from the start of the file. */
  readonly offset: number;
  /** Whether it is the first of the bucket's pieces, and whether no more follow. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** A table file is no table; `offset` says where, in bytes from its start. */
export class TableMalformed extends Error {
  override readonly name = 'TableMalformed';
  readonly offset: number;
  /** What stands there; nothing where the file ends. */
  readonly found: string | undefined;

  constructor(offset: number, expected: string, found: string | undefined) {
    super(expected);
    this.offset = offset;
    this.found = found;
  }
}

/** Reads a table file from its start to its end, block by block, whatever the size of its buckets. */
export class TableStream {
  readonly #fd: number;
  #buffer = Buffer.allocUnsafe(2 * SCAN_BLOCK_BYTES);
  #at = 0;
  #end = 0;
  /** Bytes of the file before the buffer's end. */
  #read = 0;
  #crc = 0;

  /** Throws what the system throws. */
  constructor(path: string) {
    this.#fd = openSync(path, READ_PLAIN);
  }

  /** CRC-32 of what has been read; of the whole file once all pieces, or `drain`, have been. */
  get crc(): number {
    return this.#crc;
  }

  /** The size of the file in bytes; −1 where it is no file. Throws what the system throws. */
  measure(): number {
    const stats = fstatSync(this.#fd);
    return stats.isFile() ? stats.size : -1;
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** Reads the rest, for the checksum. Throws what the system throws. */
  drain(): void {
    do this.#at = this.#end;
    while (this.#fill());
  }

  /** All buckets, each in one piece or more; of values, one. Throws a TableMalformed, and what the system throws. */
  *pieces(ofLists: boolean): Generator<TablePiece, void, undefined> {
    this.#expect(OPENING_BRACE, '{');
    if (this.#peek() === CLOSING_BRACE) this.#at += 1;
    else {
      do {
        const key = this.#readKey();
        this.#expect(COLON, ':');
        if (ofLists) yield* this.#readNumbers(key);
        else yield this.#readValue(key);
      } while (this.#isFollowed());
    }
    if (this.#peek() !== undefined) throw this.#malformed('the end of the file');
  }

  /** The file offset of the next byte. */
  get #position(): number {
    return this.#read - (this.#end - this.#at);
  }

  #malformed(expected: string, distance = 0): TableMalformed {
    const at = this.#at + distance;
    const found = at < this.#end ? this.#buffer.toString('latin1', at, at + 1) : undefined;
    return new TableMalformed(this.#position + distance, expected, found);
  }

  #isFollowed(): boolean {
    const separator = this.#peek();
    if (separator !== COMMA && separator !== CLOSING_BRACE) throw this.#malformed('}');
    this.#at += 1;
    return separator === COMMA;
  }

  #readKey(): Uint8Array {
    this.#expect(QUOTE, '"');
    let length = 0;
    let isEscaped = false;
    for (; this.#byteAt(length) !== QUOTE; length++) {
      if (this.#byteAt(length) === BACKSLASH) {
        isEscaped = true;
        length += 1;
      }
      if (length > LIST_LINE_MAX_BYTES) throw this.#malformed('a key');
    }
    const bytes = this.#buffer.subarray(this.#at, this.#at + length);
    const key = isEscaped ? this.#unescape(bytes) : Uint8Array.from(bytes);
    this.#at += length + 1;
    return key;
  }

  #unescape(bytes: Buffer): Uint8Array {
    try {
      return Buffer.from(JSON.parse(`"${bytes.toString()}"`) as string);
    } catch {
      throw this.#malformed('a key');
    }
  }

  *#readNumbers(key: Uint8Array): Generator<TablePiece, void, undefined> {
    this.#expect(OPENING, '[');
    for (let isFirst = true; ;) {
      const start = this.#at;
      const left = this.#buffer.subarray(start, this.#end);
      const closing = left.indexOf(CLOSING);
      const isLast = closing >= 0;
      const end = isLast ? closing : left.lastIndexOf(COMMA);
      if (end > 0) {
        const offset = this.#position;
        this.#at = start + end + 1;
        yield { key, text: left.subarray(0, end), offset, isFirst, isLast };
        isFirst = false;
        if (isLast) return;
      } else if (isLast || left.length > LIST_LINE_MAX_BYTES) throw this.#malformed('a number');
      if (!this.#fill()) throw this.#malformed(']', this.#end - this.#at);
    }
  }

  #readValue(key: Uint8Array): TablePiece {
    const length = this.#measureValue();
    const offset = this.#position;
    this.#at += length;
    const text = this.#buffer.subarray(this.#at - length, this.#at);
    return { key, text, offset, isFirst: true, isLast: true };
  }

  /** Bytes of the value: up to the comma or brace that is in no text and in no brackets of it. */
  #measureValue(): number {
    let depth = 0;
    let isText = false;
    for (let length = 0; ; length++) {
      const byte = this.#byteAt(length);
      if (isText) {
        if (byte === BACKSLASH) length += 1;
        else if (byte === QUOTE) isText = false;
      } else if (byte === QUOTE) isText = true;
      else if (depth === 0 && (byte === COMMA || byte === CLOSING_BRACE)) {
        if (length === 0) throw this.#malformed('a value');
        return length;
      } else if (byte === OPENING || byte === OPENING_BRACE) depth += 1;
      else if (byte === CLOSING || byte === CLOSING_BRACE) depth -= 1;
    }
  }

  #expect(byte: number, text: string): void {
    if (this.#peek() !== byte) throw this.#malformed(text);
    this.#at += 1;
  }

  #peek(): number | undefined {
    return this.#at < this.#end || this.#fill() ? this.#buffer[this.#at] : undefined;
  }

  #byteAt(distance: number): number {
    while (this.#at + distance >= this.#end)
      if (!this.#fill()) throw this.#malformed('more', this.#end - this.#at);
    return this.#buffer[this.#at + distance]!;
  }

  /** Reads more behind what is left, which moves to the start of the buffer; false at the end of the file. */
  #fill(): boolean {
    const left = this.#end - this.#at;
    const grown = left > this.#buffer.length / 2 ? Buffer.allocUnsafe(2 * this.#buffer.length) : this.#buffer;
    this.#buffer.copy(grown, 0, this.#at, this.#end);
    this.#buffer = grown;
    [this.#at, this.#end] = [0, left];
    const read = readSync(this.#fd, grown, left, grown.length - left, this.#read);
    this.#crc = crc32(grown.subarray(left, left + read), this.#crc);
    this.#read += read;
    this.#end += read;
    return read > 0;
  }
}
