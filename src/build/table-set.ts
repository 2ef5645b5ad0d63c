import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SigtablesError, sourceUnreadable, systemFailed } from '../errors.js';
import { reducedSignature } from '../signatures/reduced/signature.js';
import { acquireLock } from '../tables/lock.js';
import { VERSION } from '../package.js';
import { readBootId, resumeBuild } from './build-journal.js';
import {
  removeBuildFolder,
  removeJournal,
  removeTables,
  removeWithdrawnManifest,
  withdrawManifest,
  writeManifest,
} from './commit.js';
import { JobError } from './job-runner.js';
import { runAllJobs, type Undertaking } from './job-session.js';
import type { HeaderRecord } from './journal-records.js';
import type { BuildResult, PlanFacts, RunOptions } from './options.js';
import type { Origin } from './origin.js';
import { buildFolderOf, checkTableFiles, holdsPlan, inspectFolder } from './output-folder.js';
import { hashPlan, identifyPlan, layOutPlan } from './plan.js';
import { checkFolder } from './replacement.js';
import { SourceChecks } from './source-checks.js';

const { closedForm } = reducedSignature;

/**
 * Makes the table set of `plan`, or goes on with it: computed, or copied from the table sets of `origin`. Throws
 * SigtablesErrors; what is done by then is kept.
 */
export async function makeTableSet(
  options: RunOptions,
  plan: PlanFacts,
  origin?: Origin,
): Promise<BuildResult> {
  const startMs = performance.now();
  const { out } = options;
  try {
    const isBuilt = await isAlreadyBuilt(options, plan);
    const undertaking = { options, plan, layout: layOutPlan(reducedSignature, plan), origin };
    if (isBuilt) {
      await removeLeftovers(undertaking);
      return { outcome: 'already-built', plan, out };
    }
    await checkFolder(undertaking).catch(async (error: unknown) => {
      // Of a folder in which a build runs, the lock has more to say.
      if (!(await isPresent(lockPathOf(out)))) throw error;
    });
    return await withLock(undertaking, async () => {
      // Another build may have ended between the look and the lock.
      if (await isAlreadyBuilt(options, plan)) return { outcome: 'already-built', plan, out };
      return await runLocked(undertaking, await checkFolder(undertaking), startMs);
    });
  } catch (error) {
    throw describeFailure(out, error);
  }
}

function describeFailure(out: string, error: unknown): unknown {
  if (error instanceof SigtablesError) return error;
  const failure = error instanceof JobError ? error.failure : (error as NodeJS.ErrnoException);
  if (error instanceof JobError && error.failure.isSource === true) return sourceUnreadable(error.failure);
  if (failure.code === undefined || failure.errno === undefined) return error;
  return systemFailed(out, failure, 'finished jobs are kept');
}

/** With `force`, a table set that has lost files counts as none. */
async function isAlreadyBuilt({ out, force }: RunOptions, plan: PlanFacts): Promise<boolean> {
  const { manifest } = await inspectFolder(out);
  if (!manifest || manifest === 'damaged' || !holdsPlan(manifest, plan)) return false;
  try {
    await checkTableFiles(out, manifest);
    return true;
  } catch (error) {
    if (force) return false;
    throw error;
  }
}

/** Clears away what a build left that was killed right behind its commit, as far as this user may. */
async function removeLeftovers(undertaking: Undertaking): Promise<void> {
  const { out } = undertaking.options;
  if (!(await isPresent(buildFolderOf(out)))) return;
  await withLock(undertaking, () => removeJournal(out)).catch(() => undefined);
}

async function isPresent(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

function lockPathOf(out: string): string {
  return join(buildFolderOf(out), 'lock');
}

async function withLock<T>({ options, plan, origin }: Undertaking, run: () => Promise<T>): Promise<T> {
  const { out } = options;
  await mkdir(buildFolderOf(out), { recursive: true });
  const command = `${origin ? 'merge into' : 'build --range'} ${plan.range.start}..${plan.range.end}`;
  const lock = await acquireLock(out, lockPathOf(out), command);
  try {
    return await run();
  } finally {
    await lock.release();
    await removeBuildFolder(out);
  }
}

async function runLocked(
  undertaking: Undertaking,
  replaced: ReadonlySet<string>,
  startMs: number,
): Promise<BuildResult> {
  const { options, plan, layout, origin } = undertaking;
  const { out, sync } = options;
  await withdrawManifest(out, sync);
  if (replaced.size > 0) {
    // What says whose the tables are goes last: wherever this is cut off, the next build still knows them.
    await removeTables(out, replaced);
    await removeJournal(out);
  }
  await removeWithdrawnManifest(out);
  const identity = identifyPlan(plan, origin?.digest);
  const planHash = hashPlan(identity);
  const header: HeaderRecord = { type: 'header', format: 1, writer: VERSION, plan: identity, planHash };
  const bootId = await readBootId();
  const sources = origin && new SourceChecks(origin.files);
  const resumed = await resumeBuild(out, layout, header, { sync, bootId, sources });
  const { ledger, journal } = resumed;
  const before = { numbers: ledger.numbersDone, bytes: ledger.bytesDone };
  try {
    if (!(await runAllJobs(undertaking, resumed, bootId))) {
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
