import { resolve } from 'node:path';
import { sourceDamaged } from '../errors.js';
import type { Layout } from '../layouts/layout.js';
import { STOP_GRACE_MS } from '../limits.js';
import { HeldFiles } from '../pool/held-files.js';
import { startWorkerPool, type WorkerPool } from '../pool/job-pool.js';
import type { CopyRecipe, JobOutcome, JobTask, JobYield, WorkerRecipe } from '../pool/messages.js';
import { discardJobs, listDoneJobs, type Resumed } from './build-journal.js';
import { Checkpointer } from './checkpointer.js';
import { countHoldableFiles } from './descriptor-limit.js';
import { runJobs } from './job-runner.js';
import type { Ledger } from './ledger.js';
import type { PlanFacts, RunOptions } from './options.js';
import type { Origin } from './origin.js';
import { countNameDigits } from './plan.js';
import { TableSyncer } from './table-syncer.js';

/** What is to be carried out. */
export interface Undertaking {
  readonly options: RunOptions;
  readonly plan: PlanFacts;
  readonly layout: Layout;
  /** The table sets that are merged; absent where the tables are computed. */
  readonly origin: Origin | undefined;
}

/** Runs what is left to do; true when all jobs are done and on the disk, false when it was stopped before. */
export async function runAllJobs(
  undertaking: Undertaking,
  resumed: Resumed,
  bootId: string,
): Promise<boolean> {
  const { options, plan, layout, origin } = undertaking;
  const { ledger, journal, notices } = resumed;
  const { out, cpus, sync, signal, onEvent = () => undefined } = options;
  const held = new HeldFiles(layout.fileCount, countTableFiles(undertaking));
  const syncer = new TableSyncer(resolve(out), layout, held);
  const checkpointer = new Checkpointer(ledger, journal, syncer, bootId);
  const sources = origin && { sources: origin.sets.length };
  onEvent({ type: 'started', plan, out, cpus, ...sources, ...describeProgress(ledger) });
  for (const message of notices) onEvent({ type: 'notice', message });
  const pool = startPool(undertaking, held, Number(plan.jobs) - ledger.jobsDone);
  const failures: unknown[] = [];
  const isStopped = (): boolean => failures.length > 0 || signal?.aborted === true;
  const stopGrace = watchStop(signal, held);
  const onDone = (result: JobYield): void => {
    ledger.add(result);
    const damaged = ledger.sources?.findDamaged(result.sources ?? []);
    if (damaged !== undefined) failures.push(sourceDamaged(damaged));
    onEvent({ type: 'job-done', job: result.job, ...describeProgress(ledger) });
    if (!checkpointer.isDue) return;
    checkpointer.checkpoint(sync).then(
      () => onEvent({ type: 'checkpoint', jobsDone: ledger.jobsDone }),
      (error: unknown) => failures.push(error),
    );
  };
  try {
    await runJobs(pool, listJobsLeft(plan, ledger), cpus, isStopped, onDone).catch((error: unknown) => {
      // Jobs that were cut short failed because they were to.
      if (!stopGrace.isOver) failures.push(error);
    });
    if (ledger.jobsDone === Number(plan.jobs)) onEvent({ type: 'committing' });
    // Who stops a build does not want to wait for the disk: until the machine reboots, unsynced data is as good.
    await checkpointer
      .checkpoint(sync && signal?.aborted !== true)
      .catch((error: unknown) => failures.push(error));
    await refuseDamage(undertaking, resumed);
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

/** A merge shares what the process may hold open between its own files and those that it reads. */
function countTableFiles({ options, origin }: Undertaking): number {
  const holdable = countHoldableFiles(options.cpus);
  return origin ? Math.floor(holdable / 2) : holdable;
}

function startPool(
  undertaking: Undertaking,
  held: HeldFiles,
  jobsLeft: number,
): WorkerPool<JobTask, JobOutcome> {
  const { options, plan, origin } = undertaking;
  const { range, layout, chunk } = plan;
  const nameDigits = countNameDigits(plan);
  const recipe: WorkerRecipe = {
    range,
    layout,
    chunk,
    folder: resolve(options.out),
    heldFiles: held.shared,
    nameDigits,
  };
  const threads = Math.max(1, Math.min(options.cpus, jobsLeft));
  if (!origin) return startWorkerPool('run-job', recipe, threads);
  const mayHold = Math.floor(countTableFiles(undertaking) / threads);
  const copyRecipe: CopyRecipe = { ...recipe, sources: origin.sets, mayHold };
  return startWorkerPool('run-copy', copyRecipe, threads);
}

/** Throws TABLES for a source that is not what its manifest says; nothing that was read together with it counts. */
async function refuseDamage({ plan, layout }: Undertaking, resumed: Resumed): Promise<void> {
  const { ledger } = resumed;
  const damaged = ledger.sources?.findAnyDamaged(ledger.jobsDone === Number(plan.jobs));
  if (damaged === undefined) return;
  await discardJobs(resumed, layout, listDoneJobs(layout, ledger));
  throw sourceDamaged(damaged);
}

interface StopGrace {
  timer: NodeJS.Timeout | undefined;
  isOver: boolean;
}

/** Once the build is to stop, running jobs have a while to end; then they are cut short, and done again by the next run. */
function watchStop(signal: AbortSignal | undefined, held: HeldFiles): StopGrace {
  const grace: StopGrace = { timer: undefined, isOver: false };
  const onAbort = (): void => {
    grace.timer = setTimeout(() => {
      grace.isOver = true;
      held.stopWrites();
    }, STOP_GRACE_MS);
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
