import { readSync } from 'node:fs';
import { CHECK_BLOCK_BYTES } from '../limits.js';
import { crc32 } from '../tables/crc32.js';

/** What is read of a file, and which part of it counts for the checksum; offsets in bytes. */
export interface WindowExtent {
  /** Where reading begins, and where it ends at the latest. */
  readonly readFrom: number;
  readonly readTo: number;
  readonly from: number;
  readonly to: number;
}

/** A window that slides over a file from front to back: each byte is read once, and summed up as it comes. */
export class FileWindow {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** The file offset of `bytes[0]`. */
  base = 0;
  /** How many of `bytes` are there. */
  filled = 0;
  /** CRC-32 of the bytes that came so far and count. */
  crc = 0;
  #fd = -1;
  #extent: WindowExtent = { readFrom: 0, readTo: 0, from: 0, to: 0 };

  constructor(sizeBytes = CHECK_BLOCK_BYTES) {
    this.bytes = new Uint8Array(sizeBytes);
    this.view = new DataView(this.bytes.buffer);
  }

  /** The file offset behind the last byte that is there. */
  get end(): number {
    return this.base + this.filled;
  }

  /** Begins anew on the open file `fd`; nothing is read yet. */
  open(fd: number, extent: WindowExtent): void {
    this.#fd = fd;
    this.#extent = extent;
    this.base = extent.readFrom;
    this.filled = 0;
    this.crc = 0;
  }

  /**
   * Forgets what stands before the file offset `keep` and reads on, as far as there is room; false where nothing more
   * comes, and nothing is forgotten then. Throws what the system throws.
   */
  slide(keep: number): boolean {
    if (this.end >= this.#extent.readTo) return false;
    const dropped = Math.min(Math.max(0, keep - this.base), this.filled);
    this.bytes.copyWithin(0, dropped, this.filled);
    this.filled -= dropped;
    this.base += dropped;
    const room = Math.min(this.bytes.length - this.filled, this.#extent.readTo - this.end);
    if (room <= 0) return false;
    const read = readSync(this.#fd, this.bytes, this.filled, room, this.end);
    this.#addToCrc(this.end, this.end + read);
    this.filled += read;
    return read > 0;
  }

  /** Reads the rest of what counts for the checksum. */
  drain(): void {
    while (this.slide(this.end));
  }

  #addToCrc(start: number, end: number): void {
    const from = Math.max(start, this.#extent.from);
    const to = Math.min(end, this.#extent.to);
    if (from < to) this.crc = crc32(this.bytes.subarray(from - this.base, to - this.base), this.crc);
  }
}
