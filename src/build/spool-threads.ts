import { join, resolve } from 'node:path';
import { GroupProgress } from '../pool/group-progress.js';
import { startWorkerPool, type WorkerPool } from '../pool/job-pool.js';
import type {
  GroupRecipe,
  JobOutcome,
  JobTask,
  PlaceOutcome,
  PlaceRecipe,
  PlaceTask,
} from '../pool/messages.js';
import type { SpoolFile } from '../spool/spool-files.js';
import { nameSpoolFile } from '../spool/spool-names.js';
import { spoolFolderOf } from './commit.js';
import { countHoldableFiles } from './descriptor-limit.js';
import type { Ledger } from './ledger.js';
import type { SpooledBuild } from './spooled-build.js';

/** The threads that group numbers into a spool and then place what is in it; each kind of task has its own kind of outcome. */
export type SpoolThreads = WorkerPool<JobTask | PlaceTask, JobOutcome | PlaceOutcome>;

/** The same where all numbers are grouped. */
export type Placers = WorkerPool<PlaceTask, PlaceOutcome>;

/** Starts them; `progress` and `stop` are those of `GroupRecipe`. */
export function startSpoolThreads(
  build: SpooledBuild,
  threads: number,
  progress: SharedArrayBuffer,
  stop: SharedArrayBuffer,
): SpoolThreads {
  const { options, plan, source, partitions, nameDigits, budgetBytes } = build;
  const recipe: GroupRecipe = {
    range: plan.range,
    layout: plan.layout,
    chunk: plan.chunk,
    folder: resolve(options.out),
    spoolFolder: resolve(spoolFolderOf(options.out)),
    nameDigits,
    source,
    aggregate: plan.aggregate,
    partitions,
    budgetBytes,
    progress,
    stop,
  };
  return startWorkerPool('run-group', recipe, threads, { maxMemoryBytes: options.maxMemoryBytes });
}

/** How many of them place the buckets at once. */
export function countPlacers({ options, partitions }: SpooledBuild): number {
  return Math.min(options.cpus, partitions);
}

/** Starts threads that only place: of a build whose numbers were grouped elsewhere. */
export function startPlacers(build: SpooledBuild): Placers {
  const nothing = new SharedArrayBuffer(4);
  return startSpoolThreads(build, countPlacers(build), new GroupProgress().shared, nothing) as Placers;
}

/** What all jobs have spooled, in order. */
export function listSpoolFiles({ options }: SpooledBuild, ledger: Ledger): SpoolFile[] {
  const folder = resolve(spoolFolderOf(options.out));
  return Array.from({ length: ledger.jobCount }, (_, job) => {
    const { bytes = 0, crc = 0 } = ledger.spooledOf(job) ?? {};
    return { path: join(folder, nameSpoolFile(job)), job, bytes, crc };
  });
}

/** What all tasks are told of the spool. */
export function describeSpool(build: SpooledBuild, files: readonly SpoolFile[]): PlaceRecipe {
  const receipts = new SharedArrayBuffer(3 * 8 * files.length);
  const figures = new Float64Array(receipts);
  for (const [i, { job, bytes, crc }] of files.entries()) figures.set([job, bytes, crc], 3 * i);
  const share = (countHoldableFiles(build.options.cpus) >> 1) / countPlacers(build);
  return { receipts, hasCells: build.plan.layout !== 'job', mayHold: Math.max(1, Math.floor(share)) };
}
