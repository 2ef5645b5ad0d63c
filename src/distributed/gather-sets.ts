import { isDeepStrictEqual } from 'node:util';
import { LIST } from '../aggregates/open-aggregate.js';
import { runJobs } from '../build/job-runner.js';
import type { PlanFacts } from '../build/options.js';
import { checkTableFiles } from '../build/output-folder.js';
import type { Made } from '../build/table-maker.js';
import { SigtablesError } from '../errors.js';
import type { LayoutName } from '../layouts/layout-name.js';
import { QUEUE_WINDOW } from '../limits.js';
import type { JobYield } from '../pool/messages.js';
import { splitIntoJobs } from '../range/jobs.js';
import { sizeOf } from '../range/range.js';
import { requireFolder } from '../tables/shard-folder.js';
import { readManifest } from '../tables/manifest.js';
import type { Coordination } from './coordination.js';
import type { QueuedBuildOptions } from './options.js';
import type { TakenResult } from './queued-jobs.js';
import { readReceipt, removeResult, type WantedResult } from './results.js';

/** The table sets that jobs yield. */
export interface JobSets {
  readonly layout: LayoutName;
  /** The folder in which the set of `job` stands, or will. */
  placeOf(job: number): Promise<string>;
}

/** Has all jobs yield their table sets; how far it came where it was stopped before. */
export async function gatherSets(
  options: QueuedBuildOptions,
  plan: PlanFacts,
  coordination: Coordination,
  sets: JobSets,
): Promise<Made | undefined> {
  const { signal, out, cpus, onEvent = () => undefined } = options;
  const jobs = splitIntoJobs(plan.range, plan.chunk);
  const done = { jobsDone: 0, numbersDone: 0n, bytesDone: 0n };
  // What the sets take says nothing of the bytes of the whole.
  const counted = { ...plan, bytes: undefined };
  onEvent({ type: 'started', plan: counted, out, cpus, queue: coordination.place, ...done });
  const pool = await coordination.startPool({
    yields: 'set',
    partitions: 1,
    setLayout: sets.layout,
    take: (job, wanted) => takeSet(plan, coordination, sets, job, wanted),
  });
  const onDone = ({ job, bytes }: JobYield): void => {
    done.jobsDone += 1;
    done.numbersDone += sizeOf(jobs.at(BigInt(job)));
    done.bytesDone += BigInt(bytes);
    onEvent({ type: 'job-done', job, ...done });
  };
  const policy = { cpus: QUEUE_WINDOW, retries: 0, jobTimeoutMs: undefined };
  try {
    await runJobs(pool, Array(Number(plan.jobs)).keys(), policy, () => signal?.aborted === true, onDone);
  } finally {
    await pool.destroy();
  }
  if (BigInt(done.jobsDone) === plan.jobs && signal?.aborted !== true) return undefined;
  return { outcome: 'interrupted', jobsDone: done.jobsDone, numbersDone: done.numbersDone };
}

/** Looks at the table set that a job has left. */
async function takeSet(
  plan: PlanFacts,
  { folder, build }: Coordination,
  sets: JobSets,
  job: number,
  wantedResult: WantedResult,
): Promise<TakenResult | undefined> {
  const receipt = await readReceipt(folder, build, job, wantedResult);
  if (!receipt) return undefined;
  const set = await sets.placeOf(job);
  try {
    requireFolder(set);
    const manifest = await readManifest(set);
    const { range } = wantedResult;
    const { signature, aggregate = LIST } = manifest;
    const wanted = { signature: plan.signature, aggregate: plan.aggregate, range, layout: sets.layout };
    if (!isDeepStrictEqual({ signature, aggregate, range: manifest.range, layout: manifest.layout }, wanted))
      throw new SigtablesError('TABLES', 'another set');
    await checkTableFiles(set, manifest);
    const { host, failures, stalls } = receipt;
    const result = { job, firstFile: 0, crcs: new Uint32Array(0), bytes: Number(manifest.bytes) };
    return { result, host, failures, stalls };
  } catch (error) {
    if (!(error instanceof SigtablesError)) throw error;
    await removeResult(folder, job);
    return undefined;
  }
}
