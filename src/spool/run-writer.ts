import { RUN_BLOCK_BYTES } from '../limits.js';
import { crc32 } from '../tables/crc32.js';
import { BLOCK_HEADER_BYTES, RUN_ENTRY_NUMBERS, type RunEntry, type RunReceipt } from './run-format.js';
import type { SpoolOutput } from './spool-output.js';
import { VARINT_BYTES, writeVarint } from './varint.js';

/** Writes a run: blocks of whole entries. */
export class RunWriter {
  readonly #path: string;
  readonly #output: SpoolOutput;
  #block = new Uint8Array(2 * RUN_BLOCK_BYTES);
  #at = 0;
  #blocks = 0;
  #headersCrc = 0;
  #entries = 0;
  #lastFirst = 0;

  constructor(path: string, output: SpoolOutput) {
    this.#path = path;
    this.#output = output;
  }

  /** Appends an entry, whose first number is above that of the one before. */
  add(entry: RunEntry): void {
    const { keys, keyStart, keyEnd, value, remainders } = entry;
    const behindKey = [value, remainders];
    const keyBytes = keyEnd - keyStart;
    this.#reserve(
      RUN_ENTRY_NUMBERS * VARINT_BYTES + keyBytes + (value?.length ?? 0) + (remainders?.length ?? 0),
    );
    const block = this.#block;
    let at = writeVarint(block, this.#at, keyBytes);
    at = writeVarint(block, at, entry.first - this.#lastFirst);
    at = writeVarint(block, at, entry.last - entry.first);
    at = writeVarint(block, at, entry.count);
    at = writeVarint(block, at, entry.textBytes);
    at = writeVarint(block, at, entry.pieces);
    for (const bytes of behindKey) at = writeVarint(block, at, bytes ? bytes.length + 1 : 0);
    for (let k = keyStart; k < keyEnd; k++) block[at++] = keys[k]!;
    for (const bytes of behindKey) {
      if (!bytes) continue;
      block.set(bytes, at);
      at += bytes.length;
    }
    this.#at = at;
    this.#lastFirst = entry.first;
    this.#entries++;
    if (this.#at >= RUN_BLOCK_BYTES) this.#endBlock();
  }

  end(): RunReceipt {
    if (this.#at > 0) this.#endBlock();
    this.#output.end();
    return {
      path: this.#path,
      bytes: this.#output.position,
      crc: this.#headersCrc,
      entries: this.#entries,
    };
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#block.length) return;
    const grown = new Uint8Array(this.#at + bytes);
    grown.set(this.#block.subarray(0, this.#at));
    this.#block = grown;
  }

  #endBlock(): void {
    const payload = this.#block.subarray(0, this.#at);
    const header = Buffer.alloc(BLOCK_HEADER_BYTES);
    header.writeUInt32LE(payload.length, 0);
    header.writeUInt32LE(crc32(payload, this.#blocks), 4);
    this.#headersCrc = crc32(header, this.#headersCrc);
    this.#output.append(header);
    this.#output.append(payload);
    this.#blocks++;
    this.#at = 0;
  }
}
