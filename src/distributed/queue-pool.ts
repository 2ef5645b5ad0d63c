import { setTimeout as sleep } from 'node:timers/promises';
import { buildCancelled, jobFailedElsewhere, SigtablesError } from '../errors.js';
import {
  QUEUE_ATTEMPTS,
  QUEUE_POLL_MS,
  QUEUE_RETRY_MS,
  QUEUE_UNSEEN_POLLS,
  RESULT_LAG_MS,
} from '../limits.js';
import type { WorkerPool } from '../pool/job-pool.js';
import { STOPPED, type JobOutcome, type JobTask } from '../pool/messages.js';
import { withDeadline } from './deadline.js';
import { nameJob, readJobStates, type JobState } from './job-states.js';
import { UNWANTED, type QueuedJobs } from './queued-jobs.js';

interface Pending {
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

/** As a pool of threads, but its jobs are run by the workers of a queue. It looks at the queue and at results; it counts no events. */
export class QueuePool implements WorkerPool<JobTask, JobOutcome> {
  readonly #jobs: QueuedJobs;
  readonly #pending = new Map<number, Pending>();
  readonly #ended: Promise<void>;
  #isWithdrawn = false;
  #isOver = false;

  constructor(jobs: QueuedJobs, signal: AbortSignal | undefined) {
    this.#jobs = jobs;
    const withdraw = (): void => void (this.#isWithdrawn = true);
    if (signal?.aborted === true) withdraw();
    signal?.addEventListener('abort', withdraw, { once: true });
    this.#ended = this.#watch();
  }

  run({ job }: JobTask): Promise<JobOutcome> {
    return new Promise((settle) => {
      const fresh = { isGiven: false, unseen: 0, missingMs: undefined, again: 0, wasActive: false };
      this.#pending.set(job, { settle, ...fresh });
    });
  }

  async destroy(): Promise<void> {
    this.#isOver = true;
    for (const job of [...this.#pending.keys()]) this.#settle(job, stopped());
    await this.#ended;
  }

  async #watch(): Promise<void> {
    while (!this.#isOver) {
      try {
        await this.#look();
        this.#jobs.outage.end();
      } catch (error) {
        this.#bear(error);
      }
      await sleep(QUEUE_POLL_MS);
    }
  }

  /** A queue that does not answer is waited for; any other failure ends all jobs with it. */
  #bear(error: unknown): void {
    try {
      if (error instanceof SigtablesError) throw error;
      this.#jobs.outage.begin((error as Error).message);
      this.#jobs.outage.refuseEndless();
      // Who stops a build does not want to wait for a queue that is away: results that come are found by the next run.
      if (this.#isWithdrawn) for (const job of [...this.#pending.keys()]) this.#settle(job, stopped());
    } catch (failure) {
      this.#fail(failure as SigtablesError);
    }
  }

  async #look(): Promise<void> {
    if (this.#jobs.isCancelled()) throw buildCancelled(this.#jobs.build);
    if (this.#pending.size === 0) return;
    await (this.#isWithdrawn ? this.#withdraw() : this.#giveOut());
    const states = await this.#readStates();
    const isRunning = (job: number): boolean => states.get(job) === 'active';
    this.#jobs.onRunning([...this.#pending.keys()].filter(isRunning));
    for (const [job, pending] of [...this.#pending]) {
      if (!pending.isGiven) continue;
      const state = states.get(job);
      if (state === 'completed') await this.#takeCompleted(job, pending);
      else if (state === 'failed') await this.#takeFailed(job);
      else if (state === undefined) await this.#seek(job, pending);
      else await this.#follow(job, pending, state);
    }
  }

  /** Adds the jobs that are new to the queue; those that an earlier run, or a lost answer, left a result of are taken. */
  async #giveOut(): Promise<void> {
    const fresh: number[] = [];
    for (const [job, { isGiven }] of [...this.#pending])
      if (!isGiven && !(this.#jobs.mayBeThere(job) && (await this.#take(job)))) fresh.push(job);
    if (fresh.length === 0) return;
    const { queue, build, attempts = QUEUE_ATTEMPTS } = this.#jobs;
    const backoff = { type: 'fixed', delay: QUEUE_RETRY_MS };
    const jobs = fresh.map((job) => ({
      name: build,
      data: this.#jobs.dataOf(job),
      opts: { jobId: this.#nameOf(job), attempts, backoff },
    }));
    await this.#ask(queue.addBulk(jobs));
    for (const job of fresh) this.#change(job, { isGiven: true, unseen: 0, missingMs: undefined });
  }

  /** Takes jobs that wait out of the queue; those that run go on. */
  async #withdraw(): Promise<void> {
    const states = await this.#readStates();
    for (const [job, { isGiven }] of [...this.#pending]) {
      const state = states.get(job);
      if (isGiven && (state === 'active' || state === 'completed')) continue;
      if (isGiven && state !== undefined) await this.#ask(this.#jobs.queue.remove(this.#nameOf(job)));
      if (!isGiven || !(await this.#take(job))) this.#settle(job, stopped());
    }
  }

  async #takeCompleted(job: number, pending: Pending): Promise<void> {
    if (await this.#take(job)) {
      await this.#ask(this.#jobs.queue.remove(this.#nameOf(job)));
      return;
    }
    pending.missingMs ??= performance.now();
    if (performance.now() - pending.missingMs < RESULT_LAG_MS) return;
    this.#jobs.say(`job ${job} is given out again: its result is not in the build's folder`);
    await this.#giveAgain(job);
  }

  async #takeFailed(job: number): Promise<void> {
    const failed = await this.#ask(this.#jobs.queue.getJob(this.#nameOf(job)));
    if (!failed) return;
    const reason = failed.failedReason;
    if (reason === UNWANTED) {
      if (await this.#jobs.askWhetherCancelled()) throw buildCancelled(this.#jobs.build);
      return this.#giveAgain(job);
    }
    const tries = Math.max(1, failed.attemptsMade);
    this.#fail(jobFailedElsewhere(job, this.#jobs.rangeOf(job), tries, reason), job);
    await this.#ask(this.#jobs.queue.remove(this.#nameOf(job)));
  }

  /** A job that the queue does not know may be moving; or the queue has lost it. */
  async #seek(job: number, pending: Pending): Promise<void> {
    if (++pending.unseen < QUEUE_UNSEEN_POLLS || (await this.#take(job))) return;
    this.#jobs.say(`the queue has lost job ${job}, which is given out again; does the server keep its data?`);
    await this.#giveAgain(job);
  }

  async #giveAgain(job: number): Promise<void> {
    await this.#ask(this.#jobs.queue.remove(this.#nameOf(job)));
    this.#change(job, { isGiven: false });
  }

  /** Tells of a job that is back in the queue. */
  async #follow(job: number, pending: Pending, state: JobState): Promise<void> {
    pending.unseen = 0;
    const isBack = pending.wasActive && state !== 'active';
    pending.wasActive = state === 'active';
    if (!isBack) return;
    const found = await this.#ask(this.#jobs.queue.getJob(this.#nameOf(job)));
    const { attemptsMade = 0, stalledCounter = 0, failedReason = '', processedBy } = found ?? {};
    const again = attemptsMade + stalledCounter;
    if (again <= pending.again) return;
    const what = attemptsMade > 0 && failedReason !== '' ? failedReason : 'its worker was lost';
    this.#jobs.say(`job ${job} is tried again${processedBy ? ` (was on ${processedBy})` : ''}: ${what}`);
    this.#jobs.onAgain(again - pending.again);
    pending.again = again;
  }

  /** Takes the result of a job, if there is one. */
  async #take(job: number): Promise<boolean> {
    const taken = await this.#jobs.take(job);
    const pending = this.#pending.get(job);
    if (!taken || !pending) return taken !== undefined;
    const { failures, stalls, host } = taken;
    if (failures + stalls > pending.again) {
      // Where it was quicker than the polls.
      this.#jobs.say(
        `job ${job} was tried again, on ${host}: ${stalls > 0 ? 'its worker was lost' : 'it failed'}`,
      );
      this.#jobs.onAgain(failures + stalls - pending.again);
    }
    this.#settle(job, { ok: true, ...taken.result });
    return true;
  }

  /** The first failure, of `job` where it is a job's, ends the build; the others need not be waited for. */
  #fail({ code, message }: SigtablesError, job = this.#firstPending()): void {
    if (job === undefined) return;
    this.#isWithdrawn = true;
    this.#settle(job, { ok: false, failure: { message, worded: { code, message } } });
    for (const other of [...this.#pending.keys()]) this.#settle(other, stopped());
  }

  #firstPending(): number | undefined {
    const [first] = this.#pending.keys();
    return first;
  }

  #readStates(): Promise<Map<number, JobState>> {
    return readJobStates(this.#jobs.queue, this.#jobs.build);
  }

  #nameOf(job: number): string {
    return nameJob(this.#jobs.build, job);
  }

  #ask<T>(answer: Promise<T>): Promise<T> {
    return withDeadline(answer);
  }

  #settle(job: number, outcome: JobOutcome): void {
    const pending = this.#pending.get(job);
    this.#pending.delete(job);
    pending?.settle(outcome);
  }

  #change(job: number, change: Partial<Pending>): void {
    const pending = this.#pending.get(job);
    if (pending) Object.assign(pending, change);
  }
}

function stopped(): JobOutcome {
  return { ok: false, failure: { message: 'the build was stopped', code: STOPPED } };
}
