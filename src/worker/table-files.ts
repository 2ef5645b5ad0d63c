import { closeSync, constants, ftruncateSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { writeFully } from '../tables/write-fully.js';
import { HELD, NOT_HELD } from '../pool/messages.js';
import { createStop } from './stopped.js';

const FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;

/** Writes a table file that no other worker writes to, as a whole. Throws what the system throws. */
export function writeWholeTable(path: string, table: Uint8Array): void {
  const fd = openSync(path, FLAGS, 0o666);
  try {
    ftruncateSync(fd, table.length);
    writeFully(fd, table, 0);
  } finally {
    closeSync(fd);
  }
}

/**
 * The table files as a worker sees them. All workers share one array of descriptors: whoever needs a file first
 * creates it at its full size and holds it open for all, as long as the process may open more; the main thread
 * syncs and closes what is held. Beyond that, a file is opened for each piece.
 */
export class TableFiles {
  readonly #folder: string;
  readonly #held: Int32Array;

  /** `held` is `WorkerRecipe.heldFiles`. */
  constructor(folder: string, held: SharedArrayBuffer) {
    this.#folder = folder;
    this.#held = new Int32Array(held);
  }

  /** Writes all of `bytes` at `position` of a file that is to be `fileBytes` long. Throws what the system throws. */
  write(file: number, name: string, fileBytes: number, bytes: Uint8Array, position: number): void {
    if (Atomics.load(this.#held, HELD.stop) !== 0) throw createStop();
    const held = Atomics.load(this.#held, HELD.firstFile + file);
    if (held !== NOT_HELD) return writeFully(held, bytes, position);
    const fd = openSync(join(this.#folder, name), FLAGS, 0o666);
    let kept = false;
    try {
      ftruncateSync(fd, fileBytes);
      kept = this.#hold(file, fd);
      writeFully(fd, bytes, position);
    } finally {
      if (!kept) closeSync(fd);
    }
  }

  /** Leaves `fd` open for all workers, unless another one was first or no more may be held. */
  #hold(file: number, fd: number): boolean {
    if (
      Atomics.sub(this.#held, HELD.room, 1) <= 0 ||
      Atomics.compareExchange(this.#held, HELD.firstFile + file, NOT_HELD, fd) !== NOT_HELD
    ) {
      Atomics.add(this.#held, HELD.room, 1);
      return false;
    }
    return true;
  }
}
