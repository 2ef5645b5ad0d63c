import { closeSync } from 'node:fs';
import { HELD, NOT_HELD } from './messages.js';

/**
 * The descriptors that all workers share: whoever first needs a file opens it and leaves it here, as long as there is
 * room. A descriptor that outlives every write to its file sees the errors of writing it back, which one opened later
 * may not.
 */
export class HeldFiles {
  /** See `WorkerRecipe.heldFiles`. */
  readonly shared: SharedArrayBuffer;
  readonly #held: Int32Array;

  constructor(fileCount: number, mayHold: number) {
    this.shared = new SharedArrayBuffer(4 * (HELD.firstFile + fileCount));
    this.#held = new Int32Array(this.shared).fill(NOT_HELD);
    this.#held[HELD.room] = mayHold;
    this.#held[HELD.stop] = 0;
  }

  descriptorOf(file: number): number | undefined {
    const fd = Atomics.load(this.#held, HELD.firstFile + file);
    return fd === NOT_HELD ? undefined : fd;
  }

  /** Closes the file if it is held; no worker may be writing to it. */
  release(file: number): void {
    const fd = Atomics.exchange(this.#held, HELD.firstFile + file, NOT_HELD);
    if (fd === NOT_HELD) return;
    Atomics.add(this.#held, HELD.room, 1);
    closeSync(fd);
  }

  /** Makes every further write of a worker fail. */
  stopWrites(): void {
    Atomics.store(this.#held, HELD.stop, 1);
  }

  releaseAll(): void {
    for (let file = 0; file < this.#held.length - HELD.firstFile; file++) this.release(file);
  }
}
