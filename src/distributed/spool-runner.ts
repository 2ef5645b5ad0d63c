import { shareMemory } from '../pool/memory-budget.js';
import { isOutOfMemory, MEMORY_ADVICE, plugInFailedInJob } from '../errors.js';
import { startWorkerPool, type WorkerPool } from '../pool/job-pool.js';
import { GroupProgress } from '../pool/group-progress.js';
import type { GroupRecipe, JobOutcome, JobTask, JobYield } from '../pool/messages.js';
import type { LoadedSignature } from '../signatures/plug-in/source.js';
import type { JobData } from './job-data.js';
import type { QueueWorkerOptions } from './worker-options.js';

/** The threads that group the numbers of one build's jobs. */
export class SpoolRunner {
  readonly #pool: WorkerPool<JobTask, JobOutcome>;
  readonly #progress = new GroupProgress();
  readonly #origin: bigint;
  readonly #file: string;

  constructor(
    data: JobData,
    plugIn: LoadedSignature | undefined,
    folder: string,
    { cpus, maxMemoryBytes }: Pick<QueueWorkerOptions, 'cpus' | 'maxMemoryBytes'>,
  ) {
    const workerBytes = shareMemory(maxMemoryBytes, cpus);
    const range = { start: BigInt(data.start), end: BigInt(data.end) };
    this.#origin = range.start;
    this.#file = plugIn?.path ?? 'reduced';
    const recipe: GroupRecipe = {
      range,
      layout: data.layout,
      chunk: BigInt(data.chunk),
      folder,
      spoolFolder: folder,
      nameDigits: data.nameDigits,
      source: plugIn && { path: plugIn.path, options: plugIn.options, fileHash: plugIn.fileHash },
      aggregate: data.aggregate,
      partitions: data.partitions,
      budgetBytes: workerBytes,
      progress: this.#progress.shared,
      stop: new SharedArrayBuffer(4),
    };
    this.#pool = startWorkerPool('run-group', recipe, cpus, {
      maxMemoryBytes,
      onDemand: true,
    });
  }

  /** Groups a job into files in `folder`. When `signal` is aborted, its thread is ended. Throws what went wrong, in words. */
  async run(job: number, folder: string, signal: AbortSignal): Promise<JobYield> {
    const outcome = await this.#pool.run({ job, folder }, signal).catch((error: Error) => {
      const number = this.#progress.numberAt(job, this.#origin);
      const at = number === undefined ? '' : ` at ${number}`;
      const advice = isOutOfMemory(error) ? `; ${MEMORY_ADVICE}` : '';
      throw new Error(`its worker died${at} (${error.message})${advice}`, { cause: error });
    });
    if (outcome.ok) return outcome;
    const { plugIn, worded, message, code } = outcome.failure;
    if (plugIn) throw new Error(plugInFailedInJob(this.#file, plugIn.what).message);
    throw new Error(worded || code === undefined || message.includes(code) ? message : `${code}: ${message}`);
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}
