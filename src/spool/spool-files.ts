import { closeSync, fstatSync, readSync } from 'node:fs';
import { isNoPlainFile, openPlainFile } from '../files/plain-file.js';
import { SpoolDamaged } from '../errors/spool.js';
import { crc32 } from '../tables/crc32.js';
import {
  crcOfParts,
  decodeFooter,
  decodeRow,
  DIRECTORY_ENTRY_BYTES,
  encodeHeader,
  FOOTER_BYTES,
  HEADER_BYTES,
  ROW_BYTES,
  type SpoolRow,
} from './spool-format.js';

/** A job's spool file, and what its receipt says of it. */
export interface SpoolFile {
  readonly path: string;
  readonly job: number;
  readonly bytes: number;
  readonly crc: number;
}

/** A partition's share of one slice of one job. */
export interface SlicePart extends SpoolRow {
  /** The index of the file. */
  readonly file: number;
  /** The offset of the slice's start from the origin. */
  readonly offset: number;
}

interface SliceEntry {
  readonly offset: number;
  readonly rowsAt: number;
}

/** The spool of a build, for reading: its files in the order of their jobs. Damage is thrown as SpoolDamaged. */
export class SpoolFiles {
  /** Whether the cells are in the files; else only their sizes are. */
  readonly hasCells: boolean;
  readonly #files: readonly SpoolFile[];
  readonly #partitions: number;
  readonly #mayHold: number;
  readonly #directories: (readonly SliceEntry[] | undefined)[] = [];
  /** The descriptors held, by the index of the file, the one used last at the end. */
  readonly #held = new Map<number, number>();
  readonly #row = Buffer.alloc(ROW_BYTES);

  /** Holds at most `mayHold` files open, at least one. */
  constructor(files: readonly SpoolFile[], partitions: number, hasCells: boolean, mayHold: number) {
    this.#files = files;
    this.#partitions = partitions;
    this.hasCells = hasCells;
    this.#mayHold = Math.max(1, mayHold);
  }

  /** The partition's shares of all slices that have any of its buckets, in order. */
  partsOf(partition: number): SlicePart[] {
    const parts: SlicePart[] = [];
    this.#files.forEach((_, file) => {
      this.#directoryOf(file).forEach(({ offset, rowsAt }, slice) => {
        this.#read(file, this.#row, 0, ROW_BYTES, rowsAt + partition * ROW_BYTES);
        const row = decodeRow(this.#row, slice, partition);
        if (!row) throw this.damaged(file, 'the place of a partition');
        if (row.entries > 0) parts.push({ ...row, file, offset });
      });
    });
    return parts;
  }

  /** Reads the entries of `part` to `into`, from `position` on. */
  readEntries(part: SlicePart, into: Uint8Array, position: number): void {
    this.#readChecked(part.file, part.entriesAt, part.entryBytes, part.entriesCrc, into, position);
  }

  /** Reads the cells of `part` to `into`, from `position` on. */
  readCells(part: SlicePart, into: Uint8Array, position: number): void {
    this.#readChecked(part.file, part.cellsAt, part.cellBytes, part.cellsCrc, into, position);
  }

  damaged(file: number, why: string): SpoolDamaged {
    return new SpoolDamaged(this.#files[file]!.path, why);
  }

  close(): void {
    for (const fd of this.#held.values()) closeSync(fd);
    this.#held.clear();
  }

  #readChecked(
    file: number,
    position: number,
    bytes: number,
    crc: number,
    into: Uint8Array,
    at: number,
  ): void {
    this.#read(file, into, at, bytes, position);
    if (crc32(into.subarray(at, at + bytes)) !== crc) throw this.damaged(file, 'a partition');
  }

  #directoryOf(file: number): readonly SliceEntry[] {
    return (this.#directories[file] ??= this.#readDirectory(file));
  }

  #readDirectory(file: number): SliceEntry[] {
    const { job, bytes, crc } = this.#files[file]!;
    if (fstatSync(this.#descriptorOf(file)).size !== bytes) throw this.damaged(file, 'its size');
    const footer = decodeFooter(this.#readBuffer(file, FOOTER_BYTES, bytes - FOOTER_BYTES));
    const directoryBytes = footer.slices * DIRECTORY_ENTRY_BYTES;
    const isPlausible =
      footer.directoryAt >= HEADER_BYTES && footer.directoryAt + directoryBytes + FOOTER_BYTES === bytes;
    if (!isPlausible || footer.crc !== crc) throw this.damaged(file, 'its footer');
    const directory = this.#readBuffer(file, directoryBytes + FOOTER_BYTES, footer.directoryAt);
    const header = this.#readBuffer(file, HEADER_BYTES, 0);
    if (crcOfParts([header, directory.subarray(0, -4)]) !== crc) throw this.damaged(file, 'its directory');
    const expected = encodeHeader({ job, partitions: this.#partitions, hasCells: this.hasCells });
    if (!header.equals(expected)) throw this.damaged(file, 'it is of another job or build');
    return Array.from({ length: footer.slices }, (_, slice) => {
      const at = slice * DIRECTORY_ENTRY_BYTES;
      return { offset: directory.readDoubleLE(at), rowsAt: directory.readDoubleLE(at + 8) };
    });
  }

  #readBuffer(file: number, bytes: number, position: number): Buffer {
    const buffer = Buffer.alloc(Math.max(0, bytes));
    this.#read(file, buffer, 0, buffer.length, position);
    return buffer;
  }

  #read(file: number, into: Uint8Array, at: number, bytes: number, position: number): void {
    if (at + bytes > into.length || position < 0) throw this.damaged(file, 'a size in it');
    const fd = this.#descriptorOf(file);
    for (let done = 0; done < bytes;) {
      const read = readSync(fd, into, at + done, bytes - done, position + done);
      if (read === 0) throw this.damaged(file, 'it is shorter than it was');
      done += read;
    }
  }

  #descriptorOf(file: number): number {
    const known = this.#held.get(file);
    if (known === undefined && this.#held.size >= this.#mayHold) {
      const [oldest, fd] = this.#held.entries().next().value!;
      this.#held.delete(oldest);
      closeSync(fd);
    }
    const fd = known ?? this.#open(file);
    if (known !== undefined) this.#held.delete(file);
    this.#held.set(file, fd);
    return fd;
  }

  #open(file: number): number {
    try {
      return openPlainFile(this.#files[file]!.path);
    } catch (error) {
      if (isNoPlainFile(error)) throw this.damaged(file, 'it is not a file');
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw this.damaged(file, 'it is gone');
      throw error;
    }
  }
}
