import { fdatasync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { repairFolderOf } from '../build/commit.js';
import { countHoldableFiles } from '../build/descriptor-limit.js';
import { JobError, runJobs } from '../build/job-runner.js';
import { repairContradictsManifest, systemFailed } from '../errors.js';
import { HeldFiles } from '../pool/held-files.js';
import { startWorkerPool } from '../pool/job-pool.js';
import type { JobOutcome, JobTask } from '../pool/messages.js';
import type { RepairRecipe } from '../pool/verify-messages.js';
import type { Layout } from '../layouts/layout.js';
import { makeFolder, syncFile, syncFolder } from '../tables/durable.js';
import { FileChecker, type CheckPool } from './file-check.js';
import type { VerifyOptions } from './options.js';
import type { CheckedSet } from './table-set.js';

const syncDescriptor = promisify(fdatasync);

/**
 * Writes the files with these numbers anew, in a folder of their own, and moves them to their places once they are
 * complete, on the disk and what the manifest says. False where it was stopped before: nothing has changed then. The caller has the
 * folder's lock. Throws TABLES where the manifest is not what the signature gives, OUTPUT or IO where writing fails.
 */
export async function repairFiles(
  pool: CheckPool,
  set: CheckedSet,
  files: readonly number[],
  options: VerifyOptions,
): Promise<boolean> {
  // What a killed repair has left there is of no use.
  const workFolder = repairFolderOf(resolve(options.folder));
  try {
    await rm(workFolder, { recursive: true, force: true });
    await makeFolder(workFolder);
    if (!(await writeFiles(set, files, workFolder, options))) return false;
    await checkWritten(pool, set, files, workFolder, options);
    for (const file of files) {
      const name = set.manifest.files[file]!.file;
      await rename(join(workFolder, name), join(options.folder, name));
    }
    await syncFolder(options.folder);
    return true;
  } catch (error) {
    const failure = error instanceof JobError ? error.failure : (error as NodeJS.ErrnoException);
    if (failure.code === undefined || failure.errno === undefined) throw error;
    throw systemFailed(options.folder, failure, 'no file has become worse');
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}

async function writeFiles(
  { known, recipe }: CheckedSet,
  files: readonly number[],
  workFolder: string,
  { cpus, signal }: VerifyOptions,
): Promise<boolean> {
  const layout = known!.layout;
  const held = new HeldFiles(layout.fileCount, countHoldableFiles(cpus));
  const { range, chunk, nameDigits } = recipe;
  const repairRecipe: RepairRecipe = {
    range,
    layout: recipe.layout,
    chunk,
    nameDigits,
    folder: workFolder,
    heldFiles: held.shared,
    files: new Set(files),
  };
  const jobs = layout.ownsFiles ? files : Array.from({ length: Number(layout.jobs.count) }, (_, job) => job);
  const pool = startWorkerPool<JobTask, JobOutcome>('run-repair', repairRecipe, Math.min(cpus, jobs.length));
  const isStopped = (): boolean => signal?.aborted === true;
  try {
    await runJobs(pool, jobs.values(), { cpus }, isStopped, () => undefined);
    if (isStopped()) return false;
    await syncFiles(layout, files, workFolder, held);
    return true;
  } finally {
    await pool.destroy();
    held.releaseAll();
  }
}

async function syncFiles(
  layout: Layout,
  files: readonly number[],
  workFolder: string,
  held: HeldFiles,
): Promise<void> {
  for (const file of files) {
    const fd = held.descriptorOf(file);
    if (fd !== undefined) {
      await syncDescriptor(fd);
      held.release(file);
      continue;
    }
    await syncFile(join(workFolder, layout.fileName(file)));
  }
}

/** What was written is read again: only what the manifest says takes a file's place. */
async function checkWritten(
  pool: CheckPool,
  { manifest, recipe }: CheckedSet,
  files: readonly number[],
  workFolder: string,
  { cpus, folder }: VerifyOptions,
): Promise<void> {
  const hooks = { cpus, isStopped: () => false };
  const checker = new FileChecker(pool, { ...recipe, folder: workFolder }, manifest.files, hooks);
  const [fault] = (await checker.findFaults(files, false)).values();
  if (fault) throw repairContradictsManifest(join(folder, fault.file), fault.what);
}
