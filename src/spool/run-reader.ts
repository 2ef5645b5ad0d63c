import { closeSync, fstatSync, readSync } from 'node:fs';
import { isNoPlainFile, openPlainFile } from '../files/plain-file.js';
import { SpoolDamaged } from '../errors/spool.js';
import { crc32 } from '../tables/crc32.js';
import { BLOCK_HEADER_BYTES, type RunEntry, type RunReceipt } from './run-format.js';
import { VarintReader } from './varint.js';

/**
 * Reads a run, entry by entry: `next` sets the fields, which hold until it is called again. One block is in memory, and
 * the file is open only while one is read. Damage is thrown as SpoolDamaged.
 */
export class RunReader implements RunEntry {
  keys = new Uint8Array(0);
  keyStart = 0;
  keyEnd = 0;
  first = 0;
  last = 0;
  count = 0;
  textBytes = 0;
  pieces = 0;
  value: Uint8Array | undefined;
  remainders: Uint8Array | undefined;
  /** The index of the entry. */
  index = -1;
  readonly #run: RunReceipt;
  readonly #varints = new VarintReader(this.keys);
  #position = 0;
  #blocks = 0;
  #headersCrc = 0;

  constructor(run: RunReceipt) {
    this.#run = run;
  }

  /** Goes to the next entry; false where there is none. */
  next(): boolean {
    const varints = this.#varints;
    if (varints.at >= this.keys.length && !this.#readBlock()) return false;
    const keyBytes = varints.next();
    this.first += varints.next();
    this.last = this.first + varints.next();
    this.count = varints.next();
    this.textBytes = varints.next();
    this.pieces = varints.next();
    const valueBytes = varints.next() - 1;
    const remaindersBytes = varints.next() - 1;
    this.keyStart = varints.at;
    this.keyEnd = this.keyStart + keyBytes;
    const valueEnd = this.keyEnd + Math.max(0, valueBytes);
    this.value = valueBytes < 0 ? undefined : this.keys.subarray(this.keyEnd, valueEnd);
    varints.at = valueEnd + Math.max(0, remaindersBytes);
    this.remainders = remaindersBytes < 0 ? undefined : this.keys.subarray(valueEnd, varints.at);
    this.index++;
    return true;
  }

  #readBlock(): boolean {
    const { bytes, crc, entries } = this.#run;
    if (this.#position === bytes) {
      if (this.#headersCrc !== crc || this.index + 1 !== entries) throw this.#damaged('its blocks');
      return false;
    }
    const fd = this.#open();
    try {
      if (fstatSync(fd).size !== bytes) throw this.#damaged('its size');
      const header = this.#read(fd, BLOCK_HEADER_BYTES);
      this.#headersCrc = crc32(header, this.#headersCrc);
      const payload = this.#read(fd, header.readUInt32LE(0));
      if (crc32(payload, this.#blocks) !== header.readUInt32LE(4)) throw this.#damaged('a block');
      this.#blocks++;
      this.keys = payload;
      this.#varints.bytes = payload;
      this.#varints.at = 0;
    } finally {
      closeSync(fd);
    }
    return true;
  }

  #open(): number {
    try {
      return openPlainFile(this.#run.path);
    } catch (error) {
      if (isNoPlainFile(error)) throw this.#damaged('it is not a file');
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw this.#damaged('it is gone');
      throw error;
    }
  }

  #read(fd: number, bytes: number): Buffer<ArrayBuffer> {
    if (this.#position + bytes > this.#run.bytes) throw this.#damaged('the size of a block');
    const buffer = Buffer.alloc(bytes);
    for (let done = 0; done < bytes;) {
      const read = readSync(fd, buffer, done, bytes - done, this.#position + done);
      if (read === 0) throw this.#damaged('it is shorter than it was');
      done += read;
    }
    this.#position += bytes;
    return buffer;
  }

  #damaged(why: string): SpoolDamaged {
    return new SpoolDamaged(this.#run.path, why);
  }
}
