import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import { requireAggregate } from '../aggregates/open-aggregate.js';
import { ClosedGrouping } from '../buckets/closed-grouping.js';
import { Grouping, type KeyFunction, type SliceSource } from '../buckets/grouping.js';
import { sliceLimitsFor, tableLimitsFor } from '../buckets/grouping-limits.js';
import { nameJobFile } from '../layouts/layout.js';
import { GroupProgress } from '../pool/group-progress.js';
import type {
  GroupRecipe,
  JobOutcome,
  JobTask,
  JobYield,
  PlaceOutcome,
  PlaceTask,
} from '../pool/messages.js';
import { splitIntoJobs } from '../range/jobs.js';
import { isClosedAggregate } from '../signatures/closed-values.js';
import { nameSpoolFile } from '../spool/spool-names.js';
import { spoolJob, tabulateJob, type SpoolTarget } from '../spool/spool-job.js';
import { crc32 } from '../tables/crc32.js';
import { describeFailure } from './failure.js';
import { placeBuckets } from './place-buckets.js';
import { checkPlugIn } from './plug-in-watch.js';
import { openReadySignature } from './ready-signature.js';
import { createStop } from './stopped.js';
import { writeWholeTable } from './table-files.js';

const recipe = workerData as GroupRecipe;
const stop = new Int32Array(recipe.stop);
const slot = new GroupProgress(recipe.progress).claim();
let grouping: Promise<SliceSource> | undefined;

/** What the pool calls in a worker thread: the same threads group numbers, and place the buckets when all are grouped. */
export default async function runGroup(task: JobTask | PlaceTask): Promise<JobOutcome | PlaceOutcome> {
  if ('job' in task) return runJob(task);
  // Its memory is for placing now.
  grouping = undefined;
  return placeBuckets(task);
}

/** Never throws: piscina would drop the error's code and errno. */
async function runJob(task: JobTask): Promise<JobOutcome> {
  try {
    slot.begin(task.job);
    const done = groupJob(await (grouping ??= openGrouping()), task);
    await checkPlugIn();
    return { ok: true, ...done };
  } catch (error) {
    return { ok: false, failure: describeFailure(error) };
  }
}

async function openGrouping(): Promise<SliceSource> {
  const { range, budgetBytes, layout } = recipe;
  const signature = await openReadySignature(recipe.source);
  const aggregate = requireAggregate(recipe.aggregate, signature.aggregates);
  const { keyOf, valueOf, closedForm } = signature;
  const hasOwnValues = valueOf !== undefined;
  if (closedForm && isClosedAggregate({ closedForm, hasOwnValues }, recipe.aggregate))
    return new ClosedGrouping(closedForm, aggregate);
  const limitsFor = layout === 'job' ? tableLimitsFor : sliceLimitsFor;
  const limits = limitsFor(budgetBytes, range, aggregate);
  const functions: KeyFunction = { keyOf };
  if (valueOf) functions.valueOf = valueOf;
  return new Grouping(functions, aggregate, limits, { cell: slot.cell, origin: range.start });
}

function groupJob(by: SliceSource, { job, folder }: JobTask): JobYield {
  const { range, chunk, layout, partitions } = recipe;
  const spoolFolder = folder ?? recipe.spoolFolder;
  const part = splitIntoJobs(range, chunk).at(BigInt(job));
  const path = join(spoolFolder, nameSpoolFile(job));
  const target: SpoolTarget = { path, job, partitions, origin: range.start };
  if (layout !== 'job') {
    const spooled = spoolJob(by, part, target, checkStop);
    return { job, firstFile: 0, crcs: new Uint32Array(0), bytes: spooled.bytes, spooled };
  }
  const { table, ...spooled } = tabulateJob(by, part, target);
  checkStop();
  writeWholeTable(join(folder ?? recipe.folder, nameJobFile(part, recipe.nameDigits)), table);
  return { job, firstFile: job, crcs: Uint32Array.of(crc32(table)), bytes: table.length, spooled };
}

function checkStop(): void {
  if (Atomics.load(stop, 0) !== 0) throw createStop();
}
