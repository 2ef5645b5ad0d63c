import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { buildCancelled, jobFailedElsewhere, SigtablesError } from '../errors.js';
import { describeForeignJob, describeRetry, quoteMachine } from '../errors/distributed.js';
import { toOneLine } from '../errors/quoting.js';
import {
  QUEUE_ATTEMPTS,
  QUEUE_GIVE_BACK_MS,
  QUEUE_POLL_MS,
  QUEUE_UNSEEN_POLLS,
  RESULT_LAG_MS,
} from '../limits.js';
import type { WorkerPool } from '../pool/job-pool.js';
import type { JobOutcome, JobTask } from '../pool/messages.js';
import { withDeadline } from './deadline.js';
import { DAMAGED, findJob } from './find-job.js';
import { nameJob, readJobStates, type JobState } from './job-states.js';
import { PendingJobs, type PendingJob } from './pending-jobs.js';
import { REFUSED, UNWANTED, type QueuedJobs } from './queued-jobs.js';

/** How many different refusals are told: others than workers may write them. */
const REFUSALS_TOLD = 100;

/** As a pool of threads, but its jobs are run by the workers of a queue. It looks at the queue and at results; it counts no events. */
export class QueuePool implements WorkerPool<JobTask, JobOutcome> {
  readonly #jobs: QueuedJobs;
  readonly #pending = new PendingJobs();
  readonly #ended: Promise<void>;
  /** What was said of workers that cannot run these jobs. */
  readonly #refusals = new Set<string>();
  #isWithdrawn = false;
  #isOver = false;

  constructor(jobs: QueuedJobs, signal: AbortSignal | undefined) {
    this.#jobs = jobs;
    const withdraw = (): void => {
      this.#isWithdrawn = true;
      if (jobs.outage.isOn) this.#pending.giveUp();
    };
    if (signal?.aborted === true) withdraw();
    signal?.addEventListener('abort', withdraw, { once: true });
    this.#ended = this.#watch();
  }

  run({ job }: JobTask): Promise<JobOutcome> {
    return this.#pending.add(job);
  }

  async destroy(): Promise<void> {
    this.#isOver = true;
    this.#pending.giveUp();
    // It may be waiting for an answer of a queue that is away.
    await withDeadline(this.#ended, QUEUE_GIVE_BACK_MS).catch(() => undefined);
  }

  async #watch(): Promise<void> {
    while (!this.#isOver) {
      try {
        await this.#look();
      } catch (error) {
        this.#bear(error);
      }
      await sleep(QUEUE_POLL_MS);
    }
  }

  /** A queue that does not answer is waited for; any other failure ends all jobs with it. */
  #bear(error: unknown): void {
    if (this.#isOver) return;
    try {
      if (error instanceof SigtablesError) throw error;
      this.#jobs.outage.begin((error as Error).message);
      this.#jobs.outage.refuseEndless();
      // Who stops a build does not want to wait for a queue that is away: results that come are found by the next run.
      if (this.#isWithdrawn) this.#pending.giveUp();
    } catch (failure) {
      this.#fail(failure as SigtablesError);
    }
  }

  async #look(): Promise<void> {
    if (this.#jobs.isCancelled()) throw buildCancelled(this.#jobs.build);
    if (this.#pending.list().length === 0) return;
    await (this.#isWithdrawn ? this.#withdraw() : this.#giveOut());
    const states = await this.#readStates();
    this.#jobs.outage.end();
    const all = this.#pending.list();
    this.#jobs.onRunning(all.flatMap(([job]) => (states.get(job) === 'active' ? [job] : [])));
    for (const [job, pending] of all) {
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
    for (const [job, { isGiven }] of this.#pending.list())
      if (!isGiven && !(this.#jobs.mayBeThere(job) && (await this.#take(job)))) fresh.push(job);
    if (fresh.length === 0) return;
    const { queue, build, attempts = QUEUE_ATTEMPTS } = this.#jobs;
    const jobs = fresh.map((job) => ({
      name: build,
      data: this.#jobs.dataOf(job),
      opts: { jobId: this.#nameOf(job), attempts },
    }));
    await this.#ask(queue.addBulk(jobs));
    for (const job of fresh) this.#pending.change(job, { isGiven: true, unseen: 0, missingMs: undefined });
  }

  /** Takes jobs that wait out of the queue; those that run go on. */
  async #withdraw(): Promise<void> {
    const states = await this.#readStates();
    for (const [job, { isGiven }] of this.#pending.list()) {
      const state = states.get(job);
      if (isGiven && (state === 'active' || state === 'completed')) continue;
      if (isGiven && state !== undefined) await this.#ask(this.#jobs.queue.remove(this.#nameOf(job)));
      if (!isGiven || !(await this.#take(job))) this.#pending.stop(job);
    }
  }

  async #takeCompleted(job: number, pending: PendingJob): Promise<void> {
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
    const failed = await this.#find(job);
    if (!failed) return;
    // What became of words that are not the build's own says nothing of its job.
    if (failed === DAMAGED || !isDeepStrictEqual(failed.data, this.#jobs.dataOf(job))) {
      this.#sayOnce(describeForeignJob(job));
      return this.#giveAgain(job);
    }
    const reason = failed.failedReason;
    if (reason === UNWANTED) {
      if (await this.#jobs.askWhetherCancelled()) throw buildCancelled(this.#jobs.build);
      return this.#giveAgain(job);
    }
    if (reason.startsWith(REFUSED)) {
      this.#sayOnce(reason.slice(REFUSED.length));
      return this.#giveAgain(job);
    }
    this.#fail(
      jobFailedElsewhere(job, this.#jobs.rangeOf(job), Math.max(1, failed.attemptsMade), reason),
      job,
    );
    await this.#ask(this.#jobs.queue.remove(this.#nameOf(job)));
  }

  #sayOnce(refusal: string): void {
    if (this.#refusals.has(refusal) || this.#refusals.size >= REFUSALS_TOLD) return;
    this.#refusals.add(refusal);
    this.#jobs.say(quoteMachine(refusal));
  }

  /** A job that the queue does not know may be moving; or the queue has lost it. */
  async #seek(job: number, pending: PendingJob): Promise<void> {
    if (++pending.unseen < QUEUE_UNSEEN_POLLS || (await this.#take(job))) return;
    this.#jobs.say(`the queue has lost job ${job}, which is given out again; does the server keep its data?`);
    await this.#giveAgain(job);
  }

  async #giveAgain(job: number): Promise<void> {
    await this.#ask(this.#jobs.queue.remove(this.#nameOf(job)));
    this.#pending.change(job, { isGiven: false });
  }

  /** Tells of a job that is back in the queue. */
  async #follow(job: number, pending: PendingJob, state: JobState): Promise<void> {
    pending.unseen = 0;
    const isBack = pending.wasActive && state !== 'active';
    pending.wasActive = state === 'active';
    if (!isBack) return;
    const found = await this.#find(job);
    if (found === DAMAGED) return;
    const { attemptsMade = 0, stalledCounter = 0, failedReason = '', processedBy } = found ?? {};
    const again = attemptsMade + stalledCounter;
    if (again <= pending.again) return;
    this.#jobs.say(describeRetry(job, attemptsMade > 0 ? failedReason : '', processedBy));
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
        `job ${job} was tried again, on ${toOneLine(host)}: ${stalls > 0 ? 'its worker was lost' : 'it failed'}`,
      );
      this.#jobs.onAgain(failures + stalls - pending.again);
    }
    this.#pending.settle(job, { ok: true, ...taken.result });
    return true;
  }

  /** The first failure, of `job` where it is a job's, ends the build; the others need not be waited for. */
  #fail({ code, message }: SigtablesError, job = this.#pending.list()[0]?.[0]): void {
    if (job === undefined) return;
    this.#isWithdrawn = true;
    this.#pending.settle(job, { ok: false, failure: { message, worded: { code, message } } });
    this.#pending.giveUp();
  }

  #readStates(): Promise<Map<number, JobState>> {
    return readJobStates(this.#jobs.queue, this.#jobs.build);
  }

  #find(job: number): ReturnType<typeof findJob> {
    return this.#ask(findJob(this.#jobs.queue, this.#nameOf(job)));
  }

  #nameOf(job: number): string {
    return nameJob(this.#jobs.build, job);
  }

  #ask<T>(answer: Promise<T>): Promise<T> {
    return withDeadline(answer);
  }
}
