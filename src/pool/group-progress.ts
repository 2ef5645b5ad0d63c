/** Where workers show which number a plug-in is working on, for the main thread to name when a worker dies or hangs. */
const SLOTS = 4096;
const NEXT_SLOT_BYTES = 8;

/** Both sides' view of the shared memory: a counter, then per slot a job and the offset of a number. */
export class GroupProgress {
  readonly shared: SharedArrayBuffer;
  readonly #jobs: Float64Array;
  readonly #offsets: Float64Array;

  constructor(shared = new SharedArrayBuffer(NEXT_SLOT_BYTES + 2 * 8 * SLOTS)) {
    this.shared = shared;
    this.#jobs = new Float64Array(shared, NEXT_SLOT_BYTES, SLOTS);
    this.#offsets = new Float64Array(shared, NEXT_SLOT_BYTES + 8 * SLOTS, SLOTS);
  }

  /** In a worker: a slot of its own, as a function that says which job it works on, and the cell for the number's offset. */
  claim(): { begin: (job: number) => void; cell: Float64Array } {
    const slot = Atomics.add(new Int32Array(this.shared, 0, 1), 0, 1) % SLOTS;
    const cell = this.#offsets.subarray(slot, slot + 1);
    cell[0] = -1;
    return {
      // Slots are zeroed memory: job 0 is told from none by adding one.
      begin: (job) => (this.#jobs[slot] = job + 1),
      cell,
    };
  }

  /** In the main thread: the number that the last worker of `job` was at, offsets being from `origin`; nothing where no plug-in code ran. */
  numberAt(job: number, origin: bigint): bigint | undefined {
    const slot = this.#jobs.lastIndexOf(job + 1);
    const offset = slot < 0 ? -1 : (this.#offsets[slot] ?? -1);
    return offset < 0 ? undefined : origin + BigInt(offset);
  }
}
