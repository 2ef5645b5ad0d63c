import { CHECKPOINT_DUTY, CHECKPOINT_INTERVAL_MS } from '../limits.js';
import type { Journal } from '../tables/journal.js';
import type { FreshFiles, Ledger } from './ledger.js';

/** Makes finished jobs count: their data is synced, then a record of them. */
export class Checkpointer {
  readonly #ledger: Ledger;
  readonly #journal: Journal;
  readonly #sync: (files: FreshFiles) => Promise<void>;
  readonly #bootId: string;
  #running: Promise<void> | undefined;
  #lastEndMs = performance.now();
  #lastDurationMs = 0;

  constructor(ledger: Ledger, journal: Journal, sync: (files: FreshFiles) => Promise<void>, bootId: string) {
    this.#ledger = ledger;
    this.#journal = journal;
    this.#sync = sync;
    this.#bootId = bootId;
  }

  /** Whether a checkpoint is worth its cost now. */
  get isDue(): boolean {
    const pauseMs = Math.max(CHECKPOINT_INTERVAL_MS, CHECKPOINT_DUTY * this.#lastDurationMs);
    return !this.#running && this.#ledger.freshJobs > 0 && performance.now() - this.#lastEndMs >= pauseMs;
  }

  /**
   * Records all jobs that are done by now, after the checkpoint under way. Without `sync` the record holds until the
   * machine reboots. Once a checkpoint has failed, so does every further one: what a failed sync has lost is not known.
   */
  checkpoint(sync: boolean): Promise<void> {
    const before = this.#running ?? Promise.resolve();
    const running = before.then(() => this.#write(sync));
    this.#running = running;
    void running.then(
      () => {
        if (this.#running === running) this.#running = undefined;
      },
      () => undefined,
    );
    return running;
  }

  async #write(sync: boolean): Promise<void> {
    const startMs = performance.now();
    const fresh = this.#ledger.takeFresh();
    if (!fresh) return;
    const { record, files } = fresh;
    if (sync) await this.#sync(files);
    await this.#journal.append(sync ? record : { ...record, unsyncedBoot: this.#bootId });
    this.#lastEndMs = performance.now();
    this.#lastDurationMs = this.#lastEndMs - startMs;
  }
}
