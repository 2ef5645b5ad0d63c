import { closeSync, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { READ_PLAIN } from '../files/plain-file.js';

/** What befell a file that is read; `code` and `errno` are the system's, where it was the system. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly path: string;
  readonly code: string | undefined;
  readonly errno: number | undefined;

  constructor(path: string, message: string, failure: NodeJS.ErrnoException | undefined) {
    super(message);
    this.path = path;
    this.code = failure?.code;
    this.errno = failure?.errno;
  }
}

/** Reads from files by name and keeps them open, as many as it may. */
export class SourceFiles {
  readonly #mayHold: number;
  readonly #open = new Map<string, number>();

  /** `mayHold` is the most files to hold open; one is open at least. */
  constructor(mayHold: number) {
    this.#mayHold = Math.max(1, mayHold);
  }

  /** Fills `target` from `position` of the file on, which is to be `fileBytes` long. Throws SourceErrors. */
  read(path: string, fileBytes: number, target: Uint8Array, position: number): void {
    try {
      const fd = this.#open.get(path) ?? this.#openFile(path, fileBytes);
      for (let done = 0; done < target.length;) {
        const read = readSync(fd, target, done, target.length - done, position + done);
        if (read === 0) throw new SourceError(path, 'it shrank while it was being read', undefined);
        done += read;
      }
    } catch (error) {
      if (error instanceof SourceError) throw error;
      throw new SourceError(path, (error as Error).message, error as NodeJS.ErrnoException);
    }
  }

  /** Bytes of the file. Throws SourceErrors. */
  measure(path: string): number {
    try {
      const { size } = lstatSync(path);
      if (size > 0) return size;
    } catch (error) {
      throw new SourceError(path, (error as Error).message, error as NodeJS.ErrnoException);
    }
    throw new SourceError(path, 'it is empty', undefined);
  }

  closeAll(): void {
    for (const fd of this.#open.values()) closeSync(fd);
    this.#open.clear();
  }

  #openFile(path: string, fileBytes: number): number {
    if (this.#open.size >= this.#mayHold) this.closeAll();
    const fd = openSync(path, READ_PLAIN);
    this.#open.set(path, fd);
    const { size } = fstatSync(fd);
    if (size === fileBytes) return fd;
    throw new SourceError(path, `it has ${size} bytes instead of ${fileBytes}`, undefined);
  }
}
