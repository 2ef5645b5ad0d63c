import { SPOOL_BLOCK_BYTES } from '../limits.js';
import { crc32 } from '../tables/crc32.js';
import { writeFully } from '../tables/write-fully.js';

/** A stretch of a file. */
export interface Stretch {
  readonly position: number;
  readonly bytes: number;
  readonly crc: number;
}

/** The block of an output that has ended, for the next one: to clear a new one may take longer than all that a short job writes. */
let spare: Uint8Array | undefined;

/** A file that is written from its start to its end, through a buffer that others write into. */
export class SpoolOutput {
  buffer = takeBlock();
  view = new DataView(this.buffer.buffer);
  /** Where in the buffer the next byte goes. */
  at = 0;
  readonly #fd: number;
  /** Bytes of the file before the buffer. */
  #flushed = 0;
  #stretchAt = 0;
  #stretchPosition = 0;
  #stretchCrc = 0;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Where in the file the next byte goes. */
  get position(): number {
    return this.#flushed + this.at;
  }

  /** Makes room for `bytes` in the buffer. */
  reserve(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    this.flush();
    if (bytes <= this.buffer.length) return;
    this.buffer = new Uint8Array(bytes);
    this.view = new DataView(this.buffer.buffer);
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  beginStretch(): void {
    this.#stretchAt = this.at;
    this.#stretchPosition = this.position;
    this.#stretchCrc = 0;
  }

  /** What was written since `beginStretch`. */
  endStretch(): Stretch {
    this.#takeCrc();
    const position = this.#stretchPosition;
    return { position, bytes: this.position - position, crc: this.#stretchCrc };
  }

  flush(): void {
    this.#takeCrc();
    writeFully(this.#fd, this.buffer.subarray(0, this.at), this.#flushed);
    this.#flushed += this.at;
    this.at = 0;
    this.#stretchAt = 0;
  }

  /** Writes what is left; no more is to come. */
  end(): void {
    this.flush();
    if (this.buffer.length === SPOOL_BLOCK_BYTES) spare = this.buffer;
    this.buffer = new Uint8Array(0);
    this.view = new DataView(this.buffer.buffer);
  }

  #takeCrc(): void {
    if (this.#stretchAt === this.at) return;
    this.#stretchCrc = crc32(this.buffer.subarray(this.#stretchAt, this.at), this.#stretchCrc);
    this.#stretchAt = this.at;
  }
}

function takeBlock(): Uint8Array {
  const block = spare ?? new Uint8Array(SPOOL_BLOCK_BYTES);
  spare = undefined;
  return block;
}
