import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  folderRemoved,
  lockLost,
  SigtablesError,
  sourceUnreadable,
  SpoolDamaged,
  spoolDamaged,
  systemFailed,
} from '../errors.js';
import { VERSION } from '../package.js';
import { makeFolder, syncFolder } from '../tables/durable.js';
import { joinSignals } from '../join-signals.js';
import { acquireLock } from '../tables/lock.js';
import { refuseLinksInBuildFolder } from './build-folder-check.js';
import { removeWithdrawnManifest, removeWork, withdrawManifest } from './commit.js';
import { removeTables } from './removal.js';
import { JobError } from './job-runner.js';
import type { HeaderRecord } from './journal-records.js';
import { countBuckets } from '../tables/manifest.js';
import type { BuildResult, PlanFacts, RunOptions, SizedPlan } from './options.js';
import { buildFolderOf, checkTableFiles, holdsPlan, inspectFolder } from './output-folder.js';
import { hashPlan } from './plan.js';
import { checkFolder } from './replacement.js';
import type { TableMaker } from './table-maker.js';

/**
 * Makes the table set of the maker that `makeMaker` returns for the options, or goes on with it. Throws SigtablesErrors;
 * what is done by then is kept. The options' signal is also aborted when the folder's lock is lost.
 */
export async function makeTableSet<Options extends RunOptions>(
  given: Options,
  makeMaker: (options: Options) => TableMaker,
): Promise<BuildResult> {
  const startMs = performance.now();
  const lost = new AbortController();
  const options = { ...given, signal: joinSignals(given.signal, lost.signal) };
  const maker = makeMaker(options);
  const { out } = options;
  try {
    await refuseLinksInBuildFolder(out);
    const built = await findBuilt(options, maker);
    if (built) {
      await removeLeftovers(options, maker);
      return { outcome: 'already-built', plan: built, out };
    }
    await checkFolder(options, maker).catch(async (error: unknown) => {
      // Of a folder in which a build runs, the lock has more to say.
      if (!(await isPresent(lockPathOf(out)))) throw error;
    });
    return await withLock(out, maker, lost, async () => {
      // Another build may have ended between the look and the lock.
      const builtMeanwhile = await findBuilt(options, maker);
      if (builtMeanwhile) return { outcome: 'already-built', plan: builtMeanwhile, out };
      return await runLocked(options, maker, startMs);
    });
  } catch (error) {
    throw describeFailure(out, error);
  }
}

function describeFailure(out: string, error: unknown): unknown {
  if (error instanceof SigtablesError) return error;
  if (error instanceof SpoolDamaged) return spoolDamaged(error.path);
  const failure = error instanceof JobError ? error.failure : (error as NodeJS.ErrnoException);
  if (error instanceof JobError) {
    const { worded, spoolFile, isSource } = error.failure;
    if (worded) return new SigtablesError(worded.code, worded.message);
    if (spoolFile !== undefined) return existsSync(out) ? spoolDamaged(spoolFile) : folderRemoved(out);
    if (isSource === true) return sourceUnreadable(error.failure);
  }
  if (failure.code === undefined || failure.errno === undefined) return error;
  return systemFailed(out, failure, 'finished jobs are kept');
}

/** The plan's table set, where it is there already. With `force`, one that has lost files counts as none. */
async function findBuilt({ out, force }: RunOptions, maker: TableMaker): Promise<SizedPlan | undefined> {
  try {
    return (await maker.findBuilt?.()) ?? (await findPlain(out, maker.plan));
  } catch (error) {
    const isDamaged = error instanceof SigtablesError && error.code === 'TABLES';
    if (force && isDamaged) return undefined;
    throw error;
  }
}

async function findPlain(out: string, plan: PlanFacts): Promise<SizedPlan | undefined> {
  const { manifest } = await inspectFolder(out);
  if (!manifest || manifest === 'damaged' || !holdsPlan(manifest, plan)) return undefined;
  await checkTableFiles(out, manifest);
  const { files, bytes } = manifest;
  return { ...plan, signatures: countBuckets(manifest), files: BigInt(files.length), bytes };
}

/** Clears away what a build left that was killed right behind its commit, as far as this user may. */
async function removeLeftovers({ out, sync }: RunOptions, maker: TableMaker): Promise<void> {
  if (!(await isPresent(buildFolderOf(out)))) return;
  // What killed it may have come before its last sync, of the manifest's name.
  if (sync) await syncFolder(out);
  await withLock(out, maker, new AbortController(), () => removeWork(out)).catch(() => undefined);
}

async function isPresent(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

function lockPathOf(out: string): string {
  return join(buildFolderOf(out), 'lock');
}

/** `lost` is aborted when another machine took the lock over, and the run then counts as failed. */
async function withLock<T>(
  out: string,
  { purpose }: TableMaker,
  lost: AbortController,
  run: () => Promise<T>,
): Promise<T> {
  await makeFolder(buildFolderOf(out));
  const lock = await acquireLock(out, lockPathOf(out), purpose, { onLost: () => lost.abort() });
  try {
    const result = await run();
    if (lost.signal.aborted) throw lockLost(out);
    return result;
  } finally {
    await lock.release();
  }
}

async function runLocked(options: RunOptions, maker: TableMaker, startMs: number): Promise<BuildResult> {
  const { out, sync } = options;
  const replaced = await checkFolder(options, maker);
  await withdrawManifest(out, sync);
  if (replaced.size > 0) {
    // What says whose the tables are goes last: wherever this is cut off, the next build still knows them.
    await removeTables(out, replaced);
    await removeWork(out);
  }
  await removeWithdrawnManifest(out);
  const { identity } = maker;
  const header: HeaderRecord = {
    type: 'header',
    format: 1,
    writer: VERSION,
    plan: identity,
    planHash: hashPlan(identity),
  };
  const made = await maker.make(header);
  if (made.outcome === 'interrupted') return { ...made, plan: maker.plan, out };
  await removeWork(out);
  return { ...made, out, elapsedMs: performance.now() - startMs };
}
