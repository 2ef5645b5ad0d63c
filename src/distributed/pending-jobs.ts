import { STOPPED, type JobOutcome } from '../pool/messages.js';

/** A job that was asked for, and what is known of it. */
export interface PendingJob {
  readonly settle: (outcome: JobOutcome) => void;
  isGiven: boolean;
  /** Polls in a row in which the queue did not know it. */
  unseen: number;
  /** When its result was first looked for in vain though the queue calls it completed. */
  missingMs: number | undefined;
  /** Times that it was tried again, as far as they have been told. */
  again: number;
  wasActive: boolean;
}

/** The jobs that a queue's pool was asked for and has not answered. */
export class PendingJobs {
  readonly #jobs = new Map<number, PendingJob>();

  /** How it ends, once it is settled. */
  add(job: number): Promise<JobOutcome> {
    return new Promise((settle) => {
      const fresh = { isGiven: false, unseen: 0, missingMs: undefined, again: 0, wasActive: false };
      this.#jobs.set(job, { settle, ...fresh });
    });
  }

  get(job: number): PendingJob | undefined {
    return this.#jobs.get(job);
  }

  /** As they are now: jobs may be settled while the list is gone through. */
  list(): [number, PendingJob][] {
    return [...this.#jobs];
  }

  settle(job: number, outcome: JobOutcome): void {
    const pending = this.#jobs.get(job);
    this.#jobs.delete(job);
    pending?.settle(outcome);
  }

  change(job: number, change: Partial<PendingJob>): void {
    const pending = this.#jobs.get(job);
    if (pending) Object.assign(pending, change);
  }

  /** Settles all as stopped: whatever comes of them is for the next run. */
  giveUp(): void {
    for (const job of [...this.#jobs.keys()]) this.stop(job);
  }

  /** Settles one so. */
  stop(job: number): void {
    this.settle(job, { ok: false, failure: { message: 'the build was stopped', code: STOPPED } });
  }
}
