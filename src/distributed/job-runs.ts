import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { QUEUE_IDLE_POOL_MS } from '../limits.js';
import { nameJobFile } from '../layouts/layout.js';
import { splitIntoJobs } from '../range/jobs.js';
import { sizeOf, type Range } from '../range/range.js';
import type { LoadedSignature } from '../signatures/plug-in/source.js';
import { nameSpoolFile } from '../spool/spool-names.js';
import { hashTerms, hashWork, type JobAnswer, type JobData, type WrittenReceipt } from './job-data.js';
import { makeAttemptFolder } from './job-folder.js';
import { describeFile, settleAttempt } from './results.js';
import { buildSet } from './set-runner.js';
import { SpoolRunner } from './spool-runner.js';
import type { QueueWorkerOptions } from './worker-options.js';

/** What a job was before this attempt. */
export interface Before {
  readonly failures: number;
  readonly stalls: number;
}

/** The range of the job that `data` names. */
export function readPart({ start, end, chunk, job }: JobData): Range {
  return splitIntoJobs({ start: BigInt(start), end: BigInt(end) }, BigInt(chunk)).at(BigInt(job));
}

/** Runs jobs of any builds in threads of this process, and leaves their results in the builds' folders. */
export class JobRuns {
  readonly #options: QueueWorkerOptions;
  readonly #runners = new Map<
    string,
    { runner: SpoolRunner; running: number; idle: NodeJS.Timeout | undefined }
  >();

  constructor(options: QueueWorkerOptions) {
    this.#options = options;
  }

  /**
   * Runs a job, its result going to `folder`, which is known to be the build's. When `signal` is aborted, its thread is ended. Throws
   * what went wrong; nothing of it is left then.
   */
  async run(
    data: JobData,
    plugIn: LoadedSignature | undefined,
    folder: string,
    before: Before,
    signal: AbortSignal,
  ): Promise<{ answer: JobAnswer; numbers: bigint }> {
    const part = readPart(data);
    const attempt = await makeAttemptFolder(folder, data.job);
    try {
      const made = await withTimeout(data.jobTimeoutMs, signal, (ended) =>
        data.yields === 'set'
          ? this.#makeSet(data, plugIn, part, attempt, ended)
          : this.#makeSpool(data, plugIn, part, attempt, ended),
      );
      const receipt: WrittenReceipt = {
        format: 2,
        build: data.build,
        job: data.job,
        work: hashWork(data),
        start: String(part.start),
        end: String(part.end),
        host: hostname(),
        ...before,
        ...made,
      };
      return { answer: await settleAttempt(folder, attempt, receipt, data.sync), numbers: sizeOf(part) };
    } catch (error) {
      await rm(attempt, { recursive: true, force: true }).catch(() => undefined);
      throw error;
    }
  }

  /** Ends all threads. */
  async close(): Promise<void> {
    for (const { runner, idle } of this.#runners.values()) {
      clearTimeout(idle);
      await runner.close();
    }
    this.#runners.clear();
  }

  async #makeSet(
    data: JobData,
    plugIn: LoadedSignature | undefined,
    part: Range,
    attempt: string,
    signal: AbortSignal,
  ): Promise<Pick<WrittenReceipt, 'files' | 'bytes'>> {
    return { files: [], bytes: await buildSet({ data, plugIn, part }, this.#options, attempt, signal) };
  }

  async #makeSpool(
    data: JobData,
    plugIn: LoadedSignature | undefined,
    part: Range,
    attempt: string,
    signal: AbortSignal,
  ): Promise<Pick<WrittenReceipt, 'files' | 'bytes' | 'spooled'>> {
    const held = this.#takeRunner(data, plugIn, attempt);
    try {
      const { bytes, spooled } = await held.runner.run(data.job, attempt, signal);
      const names = [nameSpoolFile(data.job)];
      if (data.layout === 'job') names.push(nameJobFile(part, data.nameDigits));
      const files = await Promise.all(names.map((name) => describeFile(attempt, name)));
      return { files, bytes, ...(spooled && { spooled }) };
    } finally {
      held.running -= 1;
      if (held.running === 0)
        held.idle = setTimeout(() => this.#drop(hashTerms(data)), QUEUE_IDLE_POOL_MS).unref();
    }
  }

  /** The threads of a build last as long as its jobs come. What they were started with is the whole of the jobs' terms. */
  #takeRunner(data: JobData, plugIn: LoadedSignature | undefined, folder: string) {
    const key = hashTerms(data);
    const held = this.#runners.get(key) ?? {
      runner: new SpoolRunner(data, plugIn, folder, this.#options),
      running: 0,
      idle: undefined,
    };
    this.#runners.set(key, held);
    clearTimeout(held.idle);
    held.running += 1;
    return held;
  }

  #drop(key: string): void {
    const held = this.#runners.get(key);
    this.#runners.delete(key);
    void held?.runner.close();
  }
}

/** Runs `act` with a signal that is also aborted once it has taken too long; then that is the failure. */
async function withTimeout<T>(
  mostMs: number | undefined,
  signal: AbortSignal,
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (mostMs === undefined) return act(signal);
  const timeout = AbortSignal.timeout(mostMs);
  try {
    return await act(AbortSignal.any([signal, timeout]));
  } catch (error) {
    if (!timeout.aborted || signal.aborted) throw error;
    throw new Error(`it took longer than the ${mostMs / 1000} s of --job-timeout`, { cause: error });
  }
}
