import { join } from 'node:path';
import { LIST } from '../aggregates/open-aggregate.js';
import { build } from '../build/build.js';
import type { Range } from '../range/range.js';
import type { JobData } from './job-data.js';
import { SET_FOLDER } from './set-folder.js';

/** Builds the table set of a job into `folder`, with one thread; how many bytes it has. When `signal` is aborted, it ends soon. */
export async function buildSet(
  data: JobData,
  part: Range,
  folder: string,
  signal: AbortSignal,
): Promise<number> {
  const result = await build({
    range: part,
    layout: data.setLayout,
    chunk: BigInt(data.chunk),
    aggregate: LIST,
    out: join(folder, SET_FOLDER),
    cpus: 1,
    force: false,
    sync: data.sync,
    maxMemoryBytes: undefined,
    signal,
  });
  if (result.outcome !== 'built') throw new Error('it was stopped');
  return Number(result.plan.bytes);
}
