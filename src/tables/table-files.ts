import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { READ_PLAIN } from '../files/plain-file.js';
import type { SigtablesError } from '../errors.js';
import { noTableSet, tableFileWrong, tableNotAFile, tablesClosed, tableUnreadable } from '../errors.js';
import { DESCRIPTORS_ASSUMED, MAX_OPEN_TABLE_FILES } from '../limits.js';

/** The files of a table set, open as long as they are in use: the least recently used are closed for others. */
export class TableFiles {
  readonly #folder: string;
  readonly #bytesOf: (file: string) => bigint | undefined;
  /** The least recently used first. */
  readonly #open = new Map<string, number>();
  #maxOpen: number;
  #isClosed = false;

  /** `bytesOf` says how large a file is to be; nothing for one that is none of the table set's. */
  constructor(folder: string, bytesOf: (file: string) => bigint | undefined, maxOpen = chooseMaxOpen()) {
    this.#folder = folder;
    this.#bytesOf = bytesOf;
    this.#maxOpen = Math.max(1, maxOpen);
  }

  pathOf(file: string): string {
    return join(this.#folder, file);
  }

  /** Reads up to `buffer.length` bytes at `offset`; returns how many there are. Throws TABLES or IO. */
  read(file: string, buffer: Uint8Array, length: number, offset: number): number {
    const fd = this.#fdOf(file);
    try {
      return readSync(fd, buffer, 0, length, offset);
    } catch (error) {
      throw tableUnreadable(this.pathOf(file), error as NodeJS.ErrnoException);
    }
  }

  /**
   * Opens `file` for the caller, who closes it. Throws TABLES for a file that is gone, no plain file, or not as large
   * as the manifest says, and IO where the system refuses.
   */
  open(file: string): number {
    if (this.#isClosed) throw tablesClosed(this.#folder);
    const path = this.pathOf(file);
    const bytes = this.#bytesOf(file);
    if (bytes === undefined) throw noTableSet(this.#folder);
    const fd = this.#openPath(path, bytes);
    const stats = fstatSync(fd);
    if (stats.isFile() && BigInt(stats.size) === bytes) return fd;
    closeSync(fd);
    throw stats.isFile() ? tableFileWrong(path, bytes, stats.size) : tableNotAFile(path);
  }

  /** Closes all files; nothing can be read from then on. */
  close(): void {
    this.#isClosed = true;
    this.#closeAllBut(0);
  }

  #fdOf(file: string): number {
    const known = this.#open.get(file);
    if (known !== undefined) {
      // Touched files move behind the others; below half of the room the order does not matter yet.
      if (this.#open.size * 2 > this.#maxOpen) {
        this.#open.delete(file);
        this.#open.set(file, known);
      }
      return known;
    }
    if (this.#open.size >= this.#maxOpen) this.#closeAllBut(this.#maxOpen - 1);
    const fd = this.open(file);
    this.#open.set(file, fd);
    return fd;
  }

  #openPath(path: string, bytes: bigint): number {
    for (;;) {
      try {
        return openSync(path, READ_PLAIN);
      } catch (error) {
        const failure = error as NodeJS.ErrnoException;
        if (failure.code === 'EMFILE' && this.#open.size > 0) {
          this.#maxOpen = Math.max(1, this.#open.size >> 1);
          this.#closeAllBut(this.#maxOpen - 1);
          continue;
        }
        throw describeFailure(path, bytes, failure);
      }
    }
  }

  #closeAllBut(kept: number): void {
    for (const [file, fd] of this.#open) {
      if (this.#open.size <= kept) return;
      this.#open.delete(file);
      closeSync(fd);
    }
  }
}

function describeFailure(path: string, bytes: bigint, failure: NodeJS.ErrnoException): SigtablesError {
  if (failure.code === 'ENOENT' || failure.code === 'ENOTDIR') return tableFileWrong(path, bytes, undefined);
  if (failure.code === 'ELOOP' || failure.code === 'ENXIO') return tableNotAFile(path);
  return tableUnreadable(path, failure);
}

/** Files that a reader holds open at once. Half of what the process may open is left to its other parts. Node has raised the soft limit to the hard one. */
export function chooseMaxOpen(): number {
  return Math.min(MAX_OPEN_TABLE_FILES, readDescriptorLimit() >> 1);
}

function readDescriptorLimit(): number {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1];
    return limit === undefined ? DESCRIPTORS_ASSUMED : Math.min(Number(limit), 2 * MAX_OPEN_TABLE_FILES);
  } catch {
    return DESCRIPTORS_ASSUMED; // no /proc: not Linux
  }
}
