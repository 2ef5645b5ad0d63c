import { sourceDamaged } from '../errors.js';
import { STOP_CUT_MS, STOP_GRACE_MS } from '../limits.js';
import type { JobYield } from '../pool/messages.js';
import { discardJobs, listDoneJobs, type Resumed } from './build-journal.js';
import { Checkpointer } from './checkpointer.js';
import type { JobGround } from './job-ground.js';
import { runJobs, type JobPolicy } from './job-runner.js';
import type { Ledger } from './ledger.js';
import type { PlanFacts, RunOptions } from './options.js';

/** The jobs of a plan, what is done of them, and what they stand on. */
export interface JobSession {
  readonly options: RunOptions;
  readonly plan: PlanFacts;
  readonly resumed: Resumed;
  readonly ground: JobGround;
  readonly bootId: string;
  /** The file of the signature, for messages; absent for the built-in one. */
  readonly signatureFile?: string | undefined;
}

/**
 * Runs what is left to do; true when all jobs are done and on the disk, false when it was stopped before. Closes the ground, and
 * ends its threads unless all is done and they are its `placers`.
 */
export async function runAllJobs(session: JobSession): Promise<boolean> {
  const { options, plan, resumed, ground, bootId } = session;
  const { ledger, journal, notices } = resumed;
  const { out, cpus, sync, signal, onEvent = () => undefined } = options;
  const jobs = Number(plan.jobs);
  const checkpointer = new Checkpointer(ledger, journal, (fresh) => ground.sync(fresh), bootId);
  const sources = ground.sourceCount === undefined ? {} : { sources: ground.sourceCount };
  const queue = ground.queue === undefined ? {} : { queue: ground.queue };
  const listDone = (): number[] => listDoneJobs(ledger);
  onEvent({ type: 'started', plan, out, cpus, ...sources, ...queue, ...describeProgress(ledger), listDone });
  for (const message of notices) onEvent({ type: 'notice', message });
  const pool = ground.startPool(Math.max(1, Math.min(cpus, jobs - ledger.jobsDone)));
  const failures: unknown[] = [];
  const isStopped = (): boolean => failures.length > 0 || signal?.aborted === true;
  const stopGrace = watchStop(signal, ground, () => void pool.destroy());
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
  let isDone = false;
  try {
    const policy: JobPolicy = {
      ...options,
      ...ground.policy,
      signatureFile: session.signatureFile,
      numberAt: (job) => ground.numberAt?.(job),
      onStart: (job, worker) => onEvent({ type: 'job-started', job, worker }),
      onFailure: (job) => onEvent({ type: 'job-failed', job }),
      onRetry: (message) => onEvent({ type: 'notice', message }),
    };
    await runJobs(pool, listJobsLeft(jobs, ledger), policy, isStopped, onDone).catch((error: unknown) => {
      // Jobs that were cut short failed because they were to.
      if (!stopGrace.isOver) failures.push(error);
    });
    if (ledger.jobsDone === jobs) onEvent({ type: 'committing' });
    // Who stops a build does not want to wait for the disk: until the machine reboots, unsynced data is as good.
    await checkpointer
      .checkpoint(sync && signal?.aborted !== true)
      .catch((error: unknown) => failures.push(error));
    await refuseDamage(resumed, jobs);
    if (failures.length > 0) throw failures[0];
    if (ledger.jobsDone < jobs || signal?.aborted === true) return false;
    if (sync && ledger.hasUnsynced) await ground.sync('all');
    isDone = true;
    return true;
  } finally {
    clearTimeout(stopGrace.timer);
    if (!isDone || !ground.placers) await pool.destroy();
    ground.close();
  }
}

/** Throws TABLES for a source that is not what its manifest says; nothing that was read together with it counts. */
async function refuseDamage(resumed: Resumed, jobs: number): Promise<void> {
  const { ledger } = resumed;
  const damaged = ledger.sources?.findAnyDamaged(ledger.jobsDone === jobs);
  if (damaged === undefined) return;
  await discardJobs(resumed, listDoneJobs(ledger));
  throw sourceDamaged(damaged);
}

interface StopGrace {
  timer: NodeJS.Timeout | undefined;
  isOver: boolean;
}

/**
 * Once the build is to stop, running jobs have a while to end; then they are cut short, and done again by the next run. Those of
 * a plug-in may not come to write anything for long: `endWorkers` does without their consent.
 */
function watchStop(signal: AbortSignal | undefined, ground: JobGround, endWorkers: () => void): StopGrace {
  const grace: StopGrace = { timer: undefined, isOver: false };
  const onAbort = (): void => {
    if (ground.isPatient === true) return;
    grace.timer = setTimeout(() => {
      grace.isOver = true;
      ground.stopWrites();
      grace.timer = setTimeout(endWorkers, STOP_CUT_MS);
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

function* listJobsLeft(jobs: number, ledger: Ledger): Generator<number> {
  for (let job = 0; job < jobs; job++) if (!ledger.isDone(job)) yield job;
}
