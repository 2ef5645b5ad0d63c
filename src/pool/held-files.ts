import { closeSync } from 'node:fs';

const NOT_HELD = -1;
/** Places of the shared array; the files' descriptors follow. */
const ROOM = 0;
const STOP = 1;
const FIRST_FILE = 2;

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
    this.shared = new SharedArrayBuffer(4 * (FIRST_FILE + fileCount));
    this.#held = new Int32Array(this.shared).fill(NOT_HELD);
    this.#held[ROOM] = mayHold;
    this.#held[STOP] = 0;
  }

  descriptorOf(file: number): number | undefined {
    const fd = Atomics.load(this.#held, FIRST_FILE + file);
    return fd === NOT_HELD ? undefined : fd;
  }

  /** Closes the file if it is held; no worker may be writing to it. */
  release(file: number): void {
    const fd = Atomics.exchange(this.#held, FIRST_FILE + file, NOT_HELD);
    if (fd === NOT_HELD) return;
    Atomics.add(this.#held, ROOM, 1);
    closeSync(fd);
  }

  /** Makes every further write of a worker fail. */
  stopWrites(): void {
    Atomics.store(this.#held, STOP, 1);
  }

  releaseAll(): void {
    for (let file = 0; file < this.#held.length - FIRST_FILE; file++) this.release(file);
  }
}
