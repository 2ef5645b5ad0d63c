import { mkdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { folderHoldsOtherBuild, SigtablesError, systemFailed } from '../errors.js';
import { layOut, type Layout } from '../layouts/layout.js';
import { STOP_GRACE_MS } from '../limits.js';
import { HeldFiles } from '../pool/held-files.js';
import { startJobPool } from '../pool/job-pool.js';
import { reducedSignature } from '../signatures/reduced/signature.js';
import { acquireLock } from '../tables/lock.js';
import { VERSION } from '../version.js';
import { readBootId, readJournalHeader, resumeBuild, type Resumed } from './build-journal.js';
import { Checkpointer } from './checkpointer.js';
import {
  namesOf,
  removeBuildFolder,
  removeJournal,
  removeManifest,
  removeTables,
  writeManifest,
} from './commit.js';
import { countHoldableFiles } from './descriptor-limit.js';
import { JobError, runJobs } from './job-runner.js';
import type { HeaderRecord } from './journal-records.js';
import type { Ledger } from './ledger.js';
import type { BuildOptions, BuildResult, PlanFacts } from './options.js';
import {
  buildFolderOf,
  checkTableFiles,
  holdsPlan,
  inspectFolder,
  refuseForeignContent,
} from './output-folder.js';
import { hashPlan, identifyPlan, planBuild } from './plan.js';
import { checkOutputPlace } from './preflight.js';
import { TableSyncer } from './table-syncer.js';

const { closedForm } = reducedSignature;

/** Builds a table set, or goes on with one. Throws SigtablesErrors; what is done by then is kept. */
export async function build(options: BuildOptions): Promise<BuildResult> {
  const startMs = performance.now();
  const plan = planBuild(reducedSignature, options);
  try {
    if (await isAlreadyBuilt(options, plan)) return { outcome: 'already-built', plan, out: options.out };
    await checkOutputPlace(options.out, plan, await measureWritten(options.out, plan));
    const layout = layOut(closedForm, plan.range, plan.layout, plan.chunk);
    await checkContent(options, plan, layout);
    return await withLock(options.out, plan, async () => {
      // Another build may have ended between the look and the lock.
      if (await isAlreadyBuilt(options, plan)) return { outcome: 'already-built', plan, out: options.out };
      const replaced = await checkContent(options, plan, layout);
      return await runBuild(options, plan, layout, replaced, startMs);
    });
  } catch (error) {
    throw describeFailure(options.out, error);
  }
}

function describeFailure(out: string, error: unknown): unknown {
  if (error instanceof SigtablesError) return error;
  const failure = error instanceof JobError ? error.failure : (error as NodeJS.ErrnoException);
  if (failure.code === undefined || failure.errno === undefined) return error;
  return systemFailed(out, failure, 'finished jobs are kept');
}

async function isAlreadyBuilt({ out }: BuildOptions, plan: PlanFacts): Promise<boolean> {
  const { manifest } = await inspectFolder(out);
  if (!manifest || manifest === 'damaged' || !holdsPlan(manifest, plan)) return false;
  await checkTableFiles(out, manifest);
  return true;
}

/** What files of the plan's own unfinished build take already, as they were planned to. */
async function measureWritten(out: string, plan: PlanFacts): Promise<{ bytes: bigint; files: bigint }> {
  const header = await readJournalHeader(out);
  if (header?.planHash !== hashPlan(identifyPlan(plan))) return { bytes: 0n, files: 0n };
  const layout = layOut(closedForm, plan.range, plan.layout, plan.chunk);
  let bytes = 0n;
  let files = 0n;
  for (let file = 0; file < layout.fileCount; file++) {
    const found = await stat(join(out, layout.fileName(file))).catch(() => undefined);
    if (!found) continue;
    files += 1n;
    // Blocks of 512 bytes, however large the file system's own are: a sparse file counts as far as it is filled.
    bytes += BigInt(Math.min(found.size, found.blocks * 512));
  }
  return { bytes, files };
}

/** What stands in the folder and is to be replaced. Throws USAGE for what must not be. */
async function checkContent(options: BuildOptions, plan: PlanFacts, layout: Layout): Promise<Set<string>> {
  const { out, force } = options;
  const content = await inspectFolder(out);
  const header = await readJournalHeader(out);
  const isOurs = header?.planHash === hashPlan(identifyPlan(plan)) && header.writer === VERSION;
  if (header && !isOurs && !force) {
    throw folderHoldsOtherBuild(out, header.plan, header.writer === VERSION ? undefined : header.writer);
  }
  const unfinished = new Set(header ? listTables(header) : []);
  refuseForeignContent(out, content, layout, unfinished, force);
  if (header && isOurs) return new Set();
  const { manifest } = content;
  return new Set([...unfinished, ...(manifest && manifest !== 'damaged' ? namesOf(manifest) : [])]);
}

/** The names of the files that an unfinished build may have made. */
function listTables({ plan }: HeaderRecord): string[] {
  const range = { start: BigInt(plan.start), end: BigInt(plan.end) };
  const layout = layOut(closedForm, range, plan.layout, BigInt(plan.chunk));
  return Array.from({ length: layout.fileCount }, (_, file) => layout.fileName(file));
}

async function withLock<T>(out: string, plan: PlanFacts, run: () => Promise<T>): Promise<T> {
  await mkdir(buildFolderOf(out), { recursive: true });
  const command = `build --range ${plan.range.start}..${plan.range.end}`;
  const lock = await acquireLock(out, join(buildFolderOf(out), 'lock'), command);
  try {
    return await run();
  } finally {
    await lock.release();
    await removeBuildFolder(out);
  }
}

async function runBuild(
  options: BuildOptions,
  plan: PlanFacts,
  layout: Layout,
  replaced: ReadonlySet<string>,
  startMs: number,
): Promise<BuildResult> {
  const { out, sync } = options;
  await removeManifest(out, sync);
  if (replaced.size > 0) {
    await removeJournal(out);
    await removeTables(out, replaced);
  }
  const identity = identifyPlan(plan);
  const header: HeaderRecord = {
    type: 'header',
    format: 1,
    writer: VERSION,
    plan: identity,
    planHash: hashPlan(identity),
  };
  const bootId = await readBootId();
  const resumed = await resumeBuild(out, layout, header, { sync, bootId });
  const { ledger, journal } = resumed;
  const before = { numbers: ledger.numbersDone, bytes: ledger.bytesDone };
  try {
    const isDone = await runAllJobs(options, plan, layout, resumed, bootId);
    if (!isDone) {
      return {
        outcome: 'interrupted',
        plan,
        out,
        jobsDone: ledger.jobsDone,
        numbersDone: ledger.numbersDone,
      };
    }
    await writeManifest(out, plan, closedForm, layout, ledger, sync);
  } finally {
    await journal.close();
  }
  await removeJournal(out);
  return {
    outcome: 'built',
    plan,
    out,
    elapsedMs: performance.now() - startMs,
    numbersWritten: ledger.numbersDone - before.numbers,
    bytesWritten: ledger.bytesDone - before.bytes,
  };
}

/** Runs what is left to do; true when all jobs are done and on the disk, false when it was stopped before. */
async function runAllJobs(
  options: BuildOptions,
  plan: PlanFacts,
  layout: Layout,
  { ledger, journal, notices }: Resumed,
  bootId: string,
): Promise<boolean> {
  const { out, cpus, sync, signal, onEvent = () => undefined } = options;
  const folder = resolve(out);
  const held = new HeldFiles(layout.fileCount, countHoldableFiles(cpus));
  const syncer = new TableSyncer(folder, layout, held);
  const checkpointer = new Checkpointer(ledger, journal, syncer, bootId);
  onEvent({ type: 'started', plan, out, cpus, ...describeProgress(ledger) });
  for (const message of notices) onEvent({ type: 'notice', message });
  const { range, chunk } = plan;
  const recipe = { range, layout: plan.layout, chunk, folder, heldFiles: held.shared };
  const jobsLeft = Number(plan.jobs) - ledger.jobsDone;
  const pool = startJobPool(recipe, Math.max(1, Math.min(cpus, jobsLeft)));
  const failures: unknown[] = [];
  const isStopped = (): boolean => failures.length > 0 || signal?.aborted === true;
  const stopGrace = watchStop(signal, held);
  try {
    await runJobs(pool, listJobsLeft(plan, ledger), cpus, isStopped, (result) => {
      ledger.add(result);
      onEvent({ type: 'job-done', job: result.job, ...describeProgress(ledger) });
      if (!checkpointer.isDue) return;
      checkpointer.checkpoint(sync).then(
        () => onEvent({ type: 'checkpoint', jobsDone: ledger.jobsDone }),
        (error: unknown) => failures.push(error),
      );
    }).catch((error: unknown) => failures.push(error));
    if (ledger.jobsDone === Number(plan.jobs)) onEvent({ type: 'committing' });
    // Who stops a build does not want to wait for the disk: until the machine reboots, unsynced data is as good.
    await checkpointer
      .checkpoint(sync && signal?.aborted !== true)
      .catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
    if (ledger.jobsDone < Number(plan.jobs) || signal?.aborted === true) return false;
    if (sync && ledger.hasUnsynced) await syncer.sync(0, layout.fileCount, () => true);
    return true;
  } finally {
    clearTimeout(stopGrace.timer);
    await pool.destroy();
    held.releaseAll();
  }
}

/** Once the build is to stop, running jobs have a while to end; then they are cut short, and done again by the next run. */
function watchStop(signal: AbortSignal | undefined, held: HeldFiles): { timer: NodeJS.Timeout | undefined } {
  const grace: { timer: NodeJS.Timeout | undefined } = { timer: undefined };
  const onAbort = (): void => {
    grace.timer = setTimeout(() => held.stopWrites(), STOP_GRACE_MS);
  };
  if (signal?.aborted === true) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  return grace;
}

function describeProgress(ledger: Ledger): { jobsDone: number; numbersDone: bigint; bytesDone: bigint } {
  const { jobsDone, numbersDone, bytesDone } = ledger;
  return { jobsDone, numbersDone, bytesDone };
}

function* listJobsLeft(plan: PlanFacts, ledger: Ledger): Generator<number> {
  for (let job = 0; job < Number(plan.jobs); job++) if (!ledger.isDone(job)) yield job;
}
