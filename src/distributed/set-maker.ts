import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import { makeDirectly } from '../build/direct-maker.js';
import { runJobs } from '../build/job-runner.js';
import type { HeaderRecord } from '../build/journal-records.js';
import type { SizedPlan } from '../build/options.js';
import { checkTableFiles } from '../build/output-folder.js';
import { identifyPlan, type PlacedSignature } from '../build/plan.js';
import type { Made, TableMaker } from '../build/table-maker.js';
import { SigtablesError } from '../errors.js';
import { QUEUE_WINDOW } from '../limits.js';
import { describeOrigin } from '../merge/merge.js';
import { openSources, type Source } from '../merge/source.js';
import type { JobYield } from '../pool/messages.js';
import { splitIntoJobs } from '../range/jobs.js';
import { sizeOf } from '../range/range.js';
import { readManifest } from '../tables/manifest.js';
import type { Coordination } from './coordination.js';
import { nameResult } from './job-folder.js';
import type { QueuedBuildOptions } from './options.js';
import type { TakenResult } from './queued-jobs.js';
import { SET_FOLDER } from './set-folder.js';
import { describeFile, readReceipt, removeResult } from './results.js';

/** Opens the build's side of the queue once its folder is locked. */
export type OpenCoordination = (header: HeaderRecord) => Promise<Coordination>;

/** What tells such a build from a local one, and from a merge: their journals do not go together. */
const ORIGIN = 'queue';

/** Lists by the closed form: each job yields a table set, and these are merged when all are there. */
export function makeThroughSets(
  options: QueuedBuildOptions,
  signature: PlacedSignature,
  plan: SizedPlan,
  open: OpenCoordination,
): TableMaker {
  const direct = makeDirectly(options, signature, plan);
  return {
    ...direct,
    identity: identifyPlan(plan, ORIGIN),
    make: async (header) => {
      const coordination = await open(header);
      const gathered = await gather(options, plan, coordination);
      if (gathered) return gathered;
      return mergeSets(options, signature, plan, coordination, header);
    },
  };
}

/** Has all jobs done; how far it came where it was stopped before. */
async function gather(
  options: QueuedBuildOptions,
  plan: SizedPlan,
  coordination: Coordination,
): Promise<Made | undefined> {
  const { signal, onEvent = () => undefined } = options;
  const jobs = splitIntoJobs(plan.range, plan.chunk);
  const done = { jobsDone: 0, numbersDone: 0n, bytesDone: 0n };
  // What the sets take says nothing of the bytes of the whole.
  const counted = { ...plan, bytes: undefined };
  const { out, cpus } = options;
  onEvent({ type: 'started', plan: counted, out, cpus, queue: coordination.place, ...done });
  const pool = await coordination.startPool({
    yields: 'set',
    partitions: 1,
    // Of a set that is merged, one file is as good as many, and quicker to make.
    setLayout: plan.layout === 'job' ? 'job' : 'single',
    take: (job) => takeSet(plan, coordination, job),
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
  plan: SizedPlan,
  { folder, build }: Coordination,
  job: number,
): Promise<TakenResult | undefined> {
  const receipt = await readReceipt(folder, build, job);
  if (!receipt) return undefined;
  const set = join(folder, nameResult(job), SET_FOLDER);
  try {
    const manifest = await readManifest(set);
    const part = splitIntoJobs(plan.range, plan.chunk).at(BigInt(job));
    if (!isDeepStrictEqual(manifest.signature, plan.signature) || !isDeepStrictEqual(manifest.range, part))
      throw new SigtablesError('TABLES', 'another set');
    await checkTableFiles(set, manifest);
    const { host, failures, stalls } = receipt;
    const bytes = Number(manifest.bytes);
    return {
      result: { job, firstFile: 0, crcs: new Uint32Array(0), bytes },
      host,
      failures,
      stalls,
    };
  } catch (error) {
    if (!(error instanceof SigtablesError)) throw error;
    await removeResult(folder, job);
    return undefined;
  }
}

async function mergeSets(
  options: QueuedBuildOptions,
  signature: PlacedSignature,
  plan: SizedPlan,
  { folder }: Coordination,
  header: HeaderRecord,
): Promise<Made> {
  const sources: Source[] = [];
  for (let job = 0; job < Number(plan.jobs); job++)
    sources.push(...(await openSources(join(folder, nameResult(job), SET_FOLDER))));
  const maker = makeDirectly(options, signature, plan, { origin: describeOrigin(sources) });
  try {
    return await maker.make(header);
  } catch (error) {
    if (error instanceof SigtablesError && error.code === 'TABLES') await removeDamaged(folder, sources);
    throw error;
  }
}

/** The same command has them made anew. */
async function removeDamaged(folder: string, sources: readonly Source[]): Promise<void> {
  for (const [job, { folder: set, manifest }] of sources.entries()) {
    for (const { file, crc32 } of manifest.files) {
      const found = await describeFile(set, file).catch(() => undefined);
      if (found?.crc32 !== crc32) await removeResult(folder, job);
    }
  }
}
