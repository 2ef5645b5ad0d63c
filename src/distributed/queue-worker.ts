import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, Queue, Worker } from 'bullmq';
import { joinSignals } from '../join-signals.js';
import {
  FOLDER_LAG_MS,
  QUEUE_BEAT_MS,
  QUEUE_GIVE_BACK_MS,
  QUEUE_RETRY_MS,
  QUEUE_SILENCE_MS,
} from '../limits.js';
import { RateWindow } from '../progress/rate-window.js';
import { Board, type PostedMachine } from './board.js';
import { keepUp, withDeadline } from './deadline.js';
import { readJobData, type JobAnswer, type JobData } from './job-data.js';
import { acceptJob } from './accept-job.js';
import { openRoot } from './job-folder.js';
import { JobRuns } from './job-runs.js';
import { describeMachine } from './machine.js';
import { LockWatch } from './lock-watch.js';
import { Outage } from './outage.js';
import { importBullMq } from './packages.js';
import { UNWANTED } from './queued-jobs.js';
import { Refusal, Refusals } from './refusal.js';
import { BOARD_QUEUE, JOB_QUEUE, openServer, type QueueServer } from './queue-server.js';
import { WantedBuilds } from './wanted-builds.js';
import type { QueueWorkerOptions, WorkerResult } from './worker-options.js';

/**
 * Runs jobs of a queue until `options.signal` is aborted: those that run then end, unless `options.cut` is aborted too. Throws USAGE,
 * and IO. A job of a build that this machine cannot work on goes back for another one, and it goes on with other builds.
 */
export async function runQueueWorker(options: QueueWorkerOptions): Promise<WorkerResult> {
  const root = await openRoot(options.root);
  const server = await openServer(options.address);
  const { WaitingError, UnrecoverableError } = await importBullMq();
  const worker = new QueueWorker(server, root, options, { WaitingError, UnrecoverableError });
  return worker.work();
}

type BullErrors = Pick<Awaited<ReturnType<typeof importBullMq>>, 'WaitingError' | 'UnrecoverableError'>;

/** Never gives up a queue that was there once: it may be away for a night. */
const OUTAGE_MS = Infinity;

class QueueWorker {
  readonly #options: QueueWorkerOptions;
  readonly #server: QueueServer;
  readonly #root: string;
  readonly #errors: BullErrors;
  readonly #boardQueue: Queue;
  readonly #board: Board;
  readonly #worker: Worker;
  readonly #locks: LockWatch;
  readonly #wanted: WantedBuilds;
  readonly #runs: JobRuns;
  readonly #outage: Outage;
  readonly #startMs = performance.now();
  readonly #record: { -readonly [K in keyof PostedMachine]: PostedMachine[K] };
  readonly #rates: RateWindow;
  #numbers = 0n;
  readonly #refusals: Refusals;
  #end: () => void = () => undefined;

  constructor(server: QueueServer, root: string, options: QueueWorkerOptions, errors: BullErrors) {
    this.#options = options;
    this.#server = server;
    this.#root = root;
    this.#errors = errors;
    const say = (message: string): void => options.onEvent?.({ type: 'notice', message });
    this.#outage = new Outage(server.place, say, OUTAGE_MS);
    this.#record = describeMachine(options.cpus);
    this.#boardQueue = server.openQueue(BOARD_QUEUE);
    this.#board = new Board(this.#boardQueue, server);
    const name = `${this.#record.host}-${process.pid}`;
    this.#worker = server.openWorker(JOB_QUEUE, (job, token) => this.#process(job, token), {
      concurrency: options.cpus,
      name,
    });
    for (const emitter of [this.#worker, this.#boardQueue] as { on: Worker['on'] }[])
      emitter.on('error', (error: Error) => this.#onError(error));
    this.#locks = new LockWatch(this.#worker);
    this.#wanted = new WantedBuilds(this.#board);
    this.#refusals = new Refusals(this.#worker, say);
    this.#runs = new JobRuns(options);
    this.#rates = new RateWindow(this.#startMs);
  }

  async work(): Promise<WorkerResult> {
    const { signal, cut, onEvent } = this.#options;
    const ended = new Promise<void>((resolve) => {
      this.#end = resolve;
    });
    signal?.addEventListener('abort', this.#end, { once: true });
    if (signal?.aborted === true) this.#end();
    const timer = setInterval(() => void this.#beat(), QUEUE_BEAT_MS);
    try {
      await this.#beat();
      void this.#worker.run().catch((error: Error) => this.#onError(error));
      onEvent?.({ type: 'started', place: this.#server.place, host: this.#record.host, root: this.#root });
      await ended;
      await this.#leave(cut);
    } finally {
      clearInterval(timer);
      this.#locks.close();
      this.#refusals.close();
      this.#wanted.close();
      await keepUp(() => this.#close());
    }
    const { jobs, failures } = this.#record;
    return { jobs, failures, numbers: this.#numbers };
  }

  async #close(): Promise<void> {
    this.#server.leave();
    await this.#runs.close();
    await withDeadline(this.#board.remove(this.#record), QUEUE_GIVE_BACK_MS).catch(() => undefined);
    await withDeadline(this.#boardQueue.close(), QUEUE_GIVE_BACK_MS).catch(() => undefined);
  }

  /** Takes no more jobs; lets those that run end, or gives them back. */
  async #leave(cut: AbortSignal | undefined): Promise<void> {
    const closed = this.#worker.close();
    const isCut = new Promise<'cut'>((resolve) => {
      if (cut?.aborted === true) resolve('cut');
      cut?.addEventListener('abort', () => resolve('cut'), { once: true });
      void this.#waitInVain().then(() => resolve('cut'));
    });
    if ((await Promise.race([closed, isCut])) !== 'cut') return;
    this.#locks.abortAll('the worker was stopped');
    await withDeadline(closed, QUEUE_GIVE_BACK_MS).catch(() => undefined);
  }

  /** A queue that is away does not answer who leaves it: until nothing runs here, and a while longer. */
  async #waitInVain(): Promise<void> {
    while (this.#record.running > 0) await sleep(QUEUE_BEAT_MS, undefined, { ref: false });
    await sleep(this.#outage.isOn ? QUEUE_GIVE_BACK_MS : QUEUE_SILENCE_MS, undefined, { ref: false });
  }

  /** What BullMQ calls for each job; what it throws decides what becomes of the job. */
  async #process(job: Job, token = ''): Promise<JobAnswer | object> {
    const id = job.id ?? '';
    const aborter = this.#locks.hold(id);
    try {
      const data = this.#readData(id, job.data);
      const lagMs = this.#refusals.knows(data.build) ? 0 : FOLDER_LAG_MS;
      const found = await acceptJob(data, this.#root, this.#options.plugIns, this.#wanted, lagMs);
      if (found === UNWANTED) throw new this.#errors.UnrecoverableError(UNWANTED);
      const { folder, plugIn } = found;
      this.#refusals.forget(data.build);
      this.#wanted.add(data, folder, aborter);
      this.#record.running += 1;
      const before = { failures: job.attemptsMade, stalls: job.stalledCounter };
      try {
        const { answer, numbers } = await this.#runs.run(data, plugIn, folder, before, aborter.signal);
        this.#count(numbers);
        return answer;
      } finally {
        this.#record.running -= 1;
        this.#wanted.remove(data, aborter);
      }
    } catch (error) {
      return await this.#answerFailure(job, token, error as Error, aborter.signal);
    } finally {
      this.#locks.release(id);
    }
  }

  #readData(id: string, value: unknown): JobData {
    try {
      return readJobData(id, value);
    } catch (error) {
      if (error instanceof Refusal) throw error;
      throw new this.#errors.UnrecoverableError((error as Error).message);
    }
  }

  async #answerFailure(job: Job, token: string, error: Error, signal: AbortSignal): Promise<never> {
    if (error instanceof Refusal) {
      const build = job.id?.split('-')[0] ?? '';
      const reason = await this.#refusals.refuse(error, build);
      throw new this.#errors.UnrecoverableError(reason);
    }
    if (signal.aborted) {
      const isWanted = signal.reason !== UNWANTED;
      if (!isWanted) throw new this.#errors.UnrecoverableError(UNWANTED);
      // Another machine may have it by now: then this is in vain.
      await withDeadline(job.moveToWait(token)).catch(() => undefined);
      throw new this.#errors.WaitingError();
    }
    this.#record.failures += 1;
    const { message } = error;
    // The queue would count a delay by this machine's clock; the thread that failed waits instead.
    if (!(error instanceof this.#errors.UnrecoverableError)) await this.#pause(QUEUE_RETRY_MS, signal);
    this.#options.onEvent?.({ type: 'notice', message: `job ${job.id ?? ''} failed: ${message}` });
    throw error;
  }

  /** Waits, unless this worker is to end. */
  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    await sleep(ms, undefined, { signal: joinSignals(this.#options.signal, signal) }).catch(() => undefined);
  }

  #count(numbers: bigint): void {
    this.#record.jobs += 1;
    this.#numbers += numbers;
    this.#record.numbers = String(this.#numbers);
    this.#rates.add(performance.now(), Number(this.#numbers), 0);
    this.#options.onEvent?.({ type: 'job-done', jobs: this.#record.jobs, numbers: this.#numbers });
  }

  async #beat(): Promise<void> {
    const rates = this.#rates.measure(performance.now());
    try {
      await withDeadline(
        this.#board.post({ ...this.#record, ...(rates && { numbersPerS: rates.numbersPerS }) }),
      );
      this.#outage.end();
    } catch (error) {
      this.#outage.begin((error as Error).message);
    }
  }

  /** What BullMQ says of single jobs is told elsewhere; what is left are connections. */
  #onError(error: Error): void {
    if (/lock/i.test(error.message)) return;
    this.#outage.begin(error.message);
  }
}
