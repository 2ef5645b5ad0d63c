import { unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Queue } from 'bullmq';
import type { HeaderRecord } from '../build/journal-records.js';
import type { BuildEvent, PlanFacts } from '../build/options.js';
import { QUEUE_BEAT_MS, QUEUE_GIVE_BACK_MS } from '../limits.js';
import { writeFileDurably } from '../tables/durable.js';
import { splitIntoJobs, type Jobs } from '../range/jobs.js';
import { Board, describeStanding, isSilent, type BuildRecord, type PostedBuild } from './board.js';
import { clearQueue } from './clear-queue.js';
import { keepUp, withDeadline } from './deadline.js';
import { hashWork } from './job-data.js';
import { describeBuild, describeTerms, type JobKind, type QueuedPlan } from './queued-plan.js';
import { describeOut, encodeToken, resultsFolderOf, TOKEN_FILE } from './job-folder.js';
import type { QueuedBuildOptions } from './options.js';
import { Outage } from './outage.js';
import { QueuePool } from './queue-pool.js';
import { openQueueRecord } from './queue-record.js';
import { BOARD_QUEUE, JOB_QUEUE, type QueueServer } from './queue-server.js';
import { listResults } from './results.js';

/** Where a build gives jobs out, and what ends it when it is cancelled. */
export interface BuildSide {
  readonly server: QueueServer;
  readonly cancelling: AbortController;
}

/** A build's side of the queue: gives jobs out, says on the board that it is there, and what the machines do. */
export class Coordination {
  /** Where workers put results. */
  readonly folder: string;
  readonly #parts: QueuedPlan & BuildSide;
  readonly #jobQueue: Queue;
  readonly #boardQueue: Queue;
  readonly #board: Board;
  readonly #jobs: Jobs;
  readonly #outage: Outage;
  readonly #startMs = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;
  #isCancelled = false;
  #isWaiting = false;
  #jobsDone = 0;
  #again = 0;

  /**
   * Opens the build's folder of results, whose output folder is locked, and takes from the queue what an earlier run left there. Aborts
   * `cancelling` once the build is cancelled.
   */
  static async open(
    { server, cancelling }: BuildSide,
    options: QueuedBuildOptions,
    plan: PlanFacts,
    purpose: string,
    { planHash }: Pick<HeaderRecord, 'planHash'>,
  ): Promise<Coordination> {
    const root = options.root ?? join(options.out, '..');
    const out = await describeOut(options.out, root);
    const facts = { purpose, chunk: String(plan.chunk), planHash };
    const record = await openQueueRecord(options.out, facts, options.force);
    const opened = new Coordination({ server, cancelling, options, plan, record, out });
    try {
      await clearQueue(opened.#jobQueue, record.id, ['failed', 'completed', 'waiting', 'delayed']);
      await withDeadline(opened.#board.forgetCancel(record.id));
      await opened.#beat();
    } catch (error) {
      await opened.close();
      throw error;
    }
    return opened;
  }

  private constructor(parts: QueuedPlan & BuildSide) {
    this.#parts = parts;
    const { server, options, plan, record } = parts;
    this.folder = resultsFolderOf(options.out, record.id);
    this.#jobs = splitIntoJobs(plan.range, plan.chunk);
    this.#outage = new Outage(server.place, (message) => this.#emit({ type: 'notice', message }));
    this.#jobQueue = server.openQueue(JOB_QUEUE);
    this.#boardQueue = server.openQueue(BOARD_QUEUE);
    for (const queue of [this.#jobQueue, this.#boardQueue])
      queue.on('error', (error) => this.#outage.begin(error.message));
    this.#board = new Board(this.#boardQueue, server);
    process.once('exit', this.#dropToken);
  }

  get build(): string {
    return this.#parts.record.id;
  }

  /** Whether `sigtables cancel` was asked for. */
  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  get place(): string {
    return this.#parts.server.place;
  }

  /** Gives jobs of this kind out from now on. */
  async startPool(kind: JobKind): Promise<QueuePool> {
    const { options } = this.#parts;
    const terms = describeTerms(this.#parts, kind);
    await writeFileDurably(join(this.folder, TOKEN_FILE), [encodeToken(terms)], { sync: false });
    const work = hashWork(terms);
    const found = await listResults(this.folder);
    this.#timer ??= setInterval(() => void this.#beatQuietly(), QUEUE_BEAT_MS);
    const retries = options.retries === undefined ? undefined : options.retries + 1;
    return new QueuePool(
      {
        queue: this.#jobQueue,
        build: this.build,
        attempts: retries,
        outage: this.#outage,
        dataOf: (job) => ({ ...terms, job }),
        rangeOf: (job) => this.#jobs.at(BigInt(job)),
        mayBeThere: (job) => found.has(job),
        take: async (job) => {
          const taken = await kind.take(job, { work, range: this.#jobs.at(BigInt(job)) });
          if (taken) this.#jobsDone += 1;
          return taken;
        },
        isCancelled: () => this.#isCancelled,
        askWhetherCancelled: () => this.#askWhetherCancelled(),
        onRunning: (jobs) => this.#emit({ type: 'jobs-elsewhere', jobs }),
        say: (message) => this.#emit({ type: 'notice', message }),
        onAgain: (times) => (this.#again += times),
      },
      options.signal,
    );
  }

  /** How often jobs were tried again. */
  get again(): number {
    return this.#again;
  }

  /**
   * Takes back what waits, and leaves the queue. A build that is done leaves nothing there; any other its record, for `sigtables status`
   * to show. Never rejects: the build's own end matters more.
   */
  async close(isDone = false): Promise<void> {
    process.off('exit', this.#dropToken);
    clearInterval(this.#timer);
    this.#parts.server.leave();
    await keepUp(async () => {
      const left = this.#leave(isDone).catch(() => undefined);
      // A queue that is away is not waited for: the next run clears it.
      await (this.#outage.isOn ? withDeadline(left, QUEUE_GIVE_BACK_MS).catch(() => undefined) : left);
      await Promise.all([this.#jobQueue, this.#boardQueue].map((queue) => closeQuietly(queue)));
    });
  }

  async #leave(isDone: boolean): Promise<void> {
    await this.#beating;
    await clearQueue(this.#jobQueue, this.build, ['waiting', 'delayed', 'failed', 'completed']);
    const isGone = isDone || this.#isCancelled;
    await withDeadline(this.#board.forgetCancel(this.build));
    const record = this.#describe('stopped');
    await withDeadline(isGone ? this.#board.remove(record) : this.#board.post(record));
  }

  /** Whoever ends this process at once wants the running jobs to end too: workers see it by the token that is gone. */
  readonly #dropToken = (): void => {
    try {
      unlinkSync(join(this.folder, TOKEN_FILE));
    } catch {
      // It is gone already, or the folder is: as good.
    }
  };

  #emit(event: BuildEvent): void {
    this.#parts.options.onEvent?.(event);
  }

  async #beatQuietly(): Promise<void> {
    if (this.#beating) return;
    this.#beating = this.#beat().catch((error: Error) => this.#outage.begin(error.message));
    await this.#beating;
    this.#beating = undefined;
  }

  async #beat(): Promise<void> {
    await this.#askWhetherCancelled();
    await withDeadline(this.#board.post(this.#describe('running')));
    const { machines, nowMs } = await withDeadline(this.#board.read());
    const standing = machines.filter((machine) => !isSilent(machine, nowMs)).map(describeStanding);
    this.#emit({ type: 'machines', machines: standing });
    this.#sayWhetherAlone(standing.length);
  }

  async #askWhetherCancelled(): Promise<boolean> {
    this.#isCancelled ||= await withDeadline(this.#board.isCancelled(this.build));
    // What is put together when no jobs are left ends by it too.
    if (this.#isCancelled) this.#parts.cancelling.abort();
    return this.#isCancelled;
  }

  #describe(state: BuildRecord['state']): PostedBuild {
    return describeBuild(this.#parts, { state, done: this.#jobsDone, again: this.#again });
  }

  #sayWhetherAlone(machines: number): void {
    // Who starts both at once is not told what is not so a second later.
    const isWaiting = machines === 0 && performance.now() - this.#startMs > QUEUE_BEAT_MS / 2;
    if (isWaiting && !this.#isWaiting)
      this.#emit({ type: 'notice', message: 'waiting for a worker: start sigtables worker on any machine' });
    this.#isWaiting = isWaiting;
  }
}

/** A connection that is down may take for ever to close, and to be given up. */
async function closeQuietly(queue: Queue): Promise<void> {
  await withDeadline(queue.close(), QUEUE_GIVE_BACK_MS)
    .catch(() => withDeadline(queue.disconnect(), QUEUE_GIVE_BACK_MS))
    .catch(() => undefined);
}
