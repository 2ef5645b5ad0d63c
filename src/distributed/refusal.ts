import type { Worker } from 'bullmq';
import type { SigtablesError } from '../errors.js';
import { QUEUE_REFUSED_MOST_MS, QUEUE_REFUSED_MS } from '../limits.js';
import { REFUSED, UNWANTED } from './queued-jobs.js';

/** Why this machine cannot work on a build. */
export class Refusal extends Error {
  override readonly cause: SigtablesError;

  constructor(cause: SigtablesError) {
    super(cause.message);
    this.cause = cause;
  }
}

/** A job that is not what its build gives out. */
export class ForeignJob extends Refusal {}

/** How many refusals are remembered: others than builds may write to the queue. */
const REMEMBERED = 1_000;

/**
 * What a worker does with jobs that it cannot work on. They go back by way of the build's command, which puts them behind the others,
 * and the worker takes none for a while: else one that can run nothing would do nothing but take jobs and give them back.
 */
export class Refusals {
  readonly #worker: Pick<Worker, 'pause' | 'resume'>;
  readonly #say: (message: string) => void;
  readonly #told = new Set<string>();
  readonly #builds = new Set<string>();
  #inARow = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(worker: Pick<Worker, 'pause' | 'resume'>, say: (message: string) => void) {
    this.#worker = worker;
    this.#say = say;
  }

  /** Whether a job of `build` was refused before: its folder need not be waited for again. */
  knows(build: string): boolean {
    return this.#builds.has(build);
  }

  /** A job of `build` is run. */
  forget(build: string): void {
    this.#inARow = 0;
    this.#builds.delete(build);
  }

  /** Says once what is wrong, and has the worker pause. Gives the reason for which the queue is to call the job failed. */
  async refuse(refusal: Refusal, build: string): Promise<string> {
    if (!this.#told.has(refusal.message) && this.#told.size < REMEMBERED) {
      this.#told.add(refusal.message);
      this.#say(refusal.message);
    }
    // A job that is not its build's own is taken off the queue, and says nothing of the others.
    if (refusal instanceof ForeignJob) return UNWANTED;
    if (this.#builds.size < REMEMBERED) this.#builds.add(build);
    await this.#pause();
    return `${REFUSED}${refusal.message}`;
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  async #pause(): Promise<void> {
    const waitMs = Math.min(QUEUE_REFUSED_MS * 2 ** Math.min(this.#inARow++, 10), QUEUE_REFUSED_MOST_MS);
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#worker.resume();
    }, waitMs);
    await this.#worker.pause(true);
  }
}
