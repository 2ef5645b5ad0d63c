import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { spoolFolderOf } from '../build/commit.js';
import type { JobGround } from '../build/job-ground.js';
import type { Ledger } from '../build/ledger.js';
import type { FreshFiles } from '../build/ledger.js';
import type { PlanFacts } from '../build/options.js';
import { SpoolGround } from '../build/spool-ground.js';
import type { SpooledBuild } from '../build/spooled-build.js';
import { nameTableOf } from '../build/spooled-names.js';
import { QUEUE_WINDOW } from '../limits.js';
import type { WorkerPool } from '../pool/job-pool.js';
import type { JobOutcome, JobTask } from '../pool/messages.js';
import { sizeOf } from '../range/range.js';
import { nameSpoolFile } from '../spool/spool-names.js';
import type { Coordination } from './coordination.js';
import type { JobKind } from './queued-plan.js';
import type { Receipt } from './job-data.js';
import { inResultsFolder, nameResult } from './job-folder.js';
import type { QueuePool } from './queue-pool.js';
import type { TakenResult } from './queued-jobs.js';
import { holdsFile, readReceipt, removeResult, type WantedResult } from './results.js';

/** Jobs of a spooled build that the workers of a queue run: their files are taken into the spool of the build. */
export class QueueGround implements JobGround {
  readonly policy = { cpus: QUEUE_WINDOW, retries: 0, jobTimeoutMs: undefined };
  readonly isPatient = true;
  readonly queue: string;
  readonly #local: SpoolGround;
  readonly #pool: QueuePool;

  private constructor(local: SpoolGround, coordination: Coordination, pool: QueuePool) {
    this.#local = local;
    this.queue = coordination.place;
    this.#pool = pool;
  }

  static async open(build: SpooledBuild, ledger: Ledger, coordination: Coordination): Promise<QueueGround> {
    const kind: JobKind = {
      yields: 'spool',
      partitions: build.partitions,
      setLayout: build.plan.layout,
      take: (job, wanted) => takeSpooled(build.options.out, build.plan, coordination, job, wanted),
    };
    return new QueueGround(new SpoolGround(build, ledger), coordination, await coordination.startPool(kind));
  }

  startPool(): WorkerPool<JobTask, JobOutcome> {
    return this.#pool;
  }

  sync(what: FreshFiles | 'all'): Promise<void> {
    return this.#local.sync(what);
  }

  stopWrites(): void {}

  close(): void {}
}

interface Place {
  readonly name: string;
  readonly folder: string;
}

/** Moves the files of a result to their places; they may be there since an earlier run was cut off. */
async function takeSpooled(
  out: string,
  plan: PlanFacts,
  { folder, build }: Coordination,
  job: number,
  wanted: WantedResult,
): Promise<TakenResult | undefined> {
  const receipt = await readReceipt(folder, build, job, wanted);
  if (!receipt) return undefined;
  const places = listPlaces(out, plan, job);
  const files = places.map(({ name }) => receipt.files.find((file) => file.name === name));
  let isThere = true;
  for (const [i, place] of places.entries()) {
    const file = files[i];
    isThere &&=
      file !== undefined &&
      (await inResultsFolder(folder, [nameResult(job)], (from) => takeFile(from, place, file)));
  }
  isThere &&= (receipt.spooled?.numbers ?? 0) <= Number(sizeOf(wanted.range));
  const result = isThere ? describeYield(plan, receipt, job, files[1]?.crc32) : undefined;
  if (!result) {
    await removeResult(folder, job);
    return undefined;
  }
  const { host, failures, stalls } = receipt;
  return { result, host, failures, stalls };
}

function listPlaces(out: string, plan: PlanFacts, job: number): readonly Place[] {
  const spooled = { name: nameSpoolFile(job), folder: spoolFolderOf(out) };
  return plan.layout === 'job' ? [spooled, { name: nameTableOf(plan, job), folder: out }] : [spooled];
}

async function takeFile(
  from: string,
  { name, folder }: Place,
  file: Receipt['files'][number],
): Promise<boolean> {
  if (!(await holdsFile(from, name, file, false))) return holdsFile(folder, name, file, true);
  await rename(join(from, name), join(folder, name));
  return true;
}

function describeYield(
  { layout }: PlanFacts,
  { spooled, files: [first, second] }: Receipt,
  job: number,
  tableCrc: number | undefined,
): TakenResult['result'] | undefined {
  if (!spooled || spooled.bytes !== first?.bytes) return undefined;
  if (layout !== 'job') return { job, firstFile: 0, crcs: new Uint32Array(0), bytes: spooled.bytes, spooled };
  if (tableCrc === undefined || !second) return undefined;
  return { job, firstFile: job, crcs: Uint32Array.of(tableCrc), bytes: second.bytes, spooled };
}
