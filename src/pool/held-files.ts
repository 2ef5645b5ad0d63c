import { closeSync } from 'node:fs';

const NOT_HELD = -1;

/**
 * The descriptors that all workers share: whoever first needs a file opens it and leaves it here, as long as there is
 * room. A descriptor that outlives every write to its file sees the errors of writing it back, which one opened later
 * may not.
 */
export class HeldFiles {
  /** How many more may be held, then per file its descriptor or −1; the workers' `TableFiles` read and write it. */
  readonly shared: SharedArrayBuffer;
  readonly #held: Int32Array;

  constructor(fileCount: number, mayHold: number) {
    this.shared = new SharedArrayBuffer(4 * (fileCount + 1));
    this.#held = new Int32Array(this.shared).fill(NOT_HELD);
    this.#held[0] = mayHold;
  }

  descriptorOf(file: number): number | undefined {
    const fd = Atomics.load(this.#held, file + 1);
    return fd === NOT_HELD ? undefined : fd;
  }

  /** Closes the file if it is held; no worker may be writing to it. */
  release(file: number): void {
    const fd = Atomics.exchange(this.#held, file + 1, NOT_HELD);
    if (fd === NOT_HELD) return;
    Atomics.add(this.#held, 0, 1);
    closeSync(fd);
  }

  releaseAll(): void {
    for (let file = 0; file < this.#held.length - 1; file++) this.release(file);
  }
}
