import { DIRECTORY_ENTRY_BYTES, encodeFooter, encodeHeader } from './spool-format.js';
import { SpoolOutput } from './spool-output.js';

/** What stands around the slices of a spool file while it is written: the header before them, the directory and the footer behind. */
export class SpoolFrame {
  /** Takes the slices. */
  readonly output: SpoolOutput;
  readonly #header: Buffer;
  readonly #directory: Buffer[] = [];

  /** Begins the file. */
  constructor(fd: number, header: Parameters<typeof encodeHeader>[0]) {
    this.output = new SpoolOutput(fd);
    this.#header = encodeHeader(header);
    this.output.append(this.#header);
  }

  /** How many slices are in the directory. */
  get slices(): number {
    return this.#directory.length;
  }

  /** Enters a slice: the offset of its start from the origin of the spool, and where its rows begin in the file. */
  enterSlice(offset: number, rowsAt: number): void {
    const entry = Buffer.alloc(DIRECTORY_ENTRY_BYTES);
    entry.writeDoubleLE(offset, 0);
    entry.writeDoubleLE(rowsAt, 8);
    this.#directory.push(entry);
  }

  /** Ends the file; gives its bytes and what tells it from any other. Throws what the system throws. */
  end(): { bytes: number; crc: number } {
    const directory = Buffer.concat(this.#directory);
    const footer = encodeFooter(this.#header, directory, this.output.position);
    this.output.append(directory);
    this.output.append(footer);
    this.output.end();
    return { bytes: this.output.position, crc: footer.readUInt32LE(footer.length - 4) };
  }
}
