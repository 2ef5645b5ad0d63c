import { join } from 'node:path';
import { build } from '../build/build.js';
import { shareMemory } from '../pool/memory-budget.js';
import { BASE_MEMORY_BYTES, WORKER_MEMORY_BYTES } from '../limits.js';
import type { Range } from '../range/range.js';
import type { LoadedSignature } from '../signatures/plug-in/source.js';
import type { JobData } from './job-data.js';
import { SET_FOLDER } from './set-folder.js';
import type { QueueWorkerOptions } from './worker-options.js';

/** A job that yields a table set. */
export interface SetJob {
  readonly data: JobData;
  readonly plugIn: LoadedSignature | undefined;
  readonly part: Range;
}

/** Builds the table set of a job into `folder`, with one thread; how many bytes it has. When `signal` is aborted, it ends soon. */
export async function buildSet(
  { data, plugIn, part }: SetJob,
  { cpus, maxMemoryBytes }: Pick<QueueWorkerOptions, 'cpus' | 'maxMemoryBytes'>,
  folder: string,
  signal: AbortSignal,
): Promise<number> {
  const workerBytes = shareMemory(maxMemoryBytes, cpus);
  const result = await build({
    range: part,
    layout: data.setLayout,
    chunk: BigInt(data.chunk),
    aggregate: data.aggregate,
    ...(plugIn && { plugIn }),
    out: join(folder, SET_FOLDER),
    cpus: 1,
    force: false,
    sync: data.sync,
    // A build with one thread may fill what is its thread's here.
    maxMemoryBytes: BASE_MEMORY_BYTES + WORKER_MEMORY_BYTES + workerBytes,
    signal,
  });
  if (result.outcome !== 'built') throw new Error('it was stopped');
  return Number(result.plan.bytes);
}
