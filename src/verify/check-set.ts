import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { refuseLinksInBuildFolder } from '../build/build-folder-check.js';
import { repairFolderOf } from '../build/commit.js';
import { buildFolderOf } from '../build/output-folder.js';
import { bucketsContradictTables, lockLost, verifyNeedsSignature } from '../errors.js';
import { makeFolder } from '../tables/durable.js';
import { joinSignals } from '../join-signals.js';
import { acquireLock } from '../tables/lock.js';
import { MANIFEST_NAME, type Manifest } from '../tables/manifest.js';
import { FileChecker, type CheckPool } from './file-check.js';
import type { CheckResult, TableFault, VerifyOptions } from './options.js';
import { repairFiles } from './repair.js';
import {
  checkAgainstClosedForm,
  checkJobFiles,
  describeSet,
  describeWork,
  requireSameSignature,
  sumUpBuckets,
  type CheckedSet,
} from './table-set.js';

/**
 * Checks a table set that is not sharded and, where asked to, mends it under the folder's lock, its manifest read again. Throws as `verify`
 * does, and what the system throws.
 */
export async function checkSet(
  pool: CheckPool,
  options: VerifyOptions,
  manifest: Manifest,
  read: () => Promise<Manifest>,
): Promise<CheckResult> {
  return options.repair ? await checkLocked(pool, options, read) : await check(pool, options, manifest);
}

async function checkLocked(
  pool: CheckPool,
  options: VerifyOptions,
  read: () => Promise<Manifest>,
): Promise<CheckResult> {
  const { folder } = options;
  await refuseLinksInBuildFolder(folder);
  const buildFolder = buildFolderOf(folder);
  await makeFolder(buildFolder);
  const lost = new AbortController();
  const signal = joinSignals(options.signal, lost.signal);
  const lock = await acquireLock(folder, join(buildFolder, 'lock'), 'verify --repair', {
    onLost: () => lost.abort(),
  });
  try {
    const result = await check(pool, { ...options, signal }, await read());
    if (lost.signal.aborted) throw lockLost(folder);
    // Of a repair that was killed once all was in its place: there is nothing to mend, but this to remove.
    await rm(repairFolderOf(folder), { recursive: true, force: true });
    return result;
  } finally {
    await lock.release();
  }
}

async function check(pool: CheckPool, options: VerifyOptions, manifest: Manifest): Promise<CheckResult> {
  const { folder, deep, repair, plugIn, signal, onEvent = () => undefined } = options;
  if (plugIn) requireSameSignature(folder, manifest, plugIn);
  const set = describeSet(folder, manifest, plugIn);
  if (repair && !set.isKnown) throw verifyNeedsSignature(folder, manifest);
  if (deep || repair) checkAgainstClosedForm(folder, set);
  if (deep && !set.isKnown) checkJobFiles(folder, set);
  const [faults, unnamed] = await Promise.all([
    findFaults(pool, set, options),
    listUnnamed(
      folder,
      manifest.files.map(({ file }) => file),
    ),
  ]);
  const stopped = signal?.aborted === true;
  const isMended =
    repair && faults.size > 0 && !stopped && (await mend(pool, set, [...faults.keys()], options));
  tellUnnamed(folder, unnamed, onEvent);
  const { count: numbers, bytes, files } = manifest;
  return {
    outcome:
      signal?.aborted === true && !isMended
        ? 'interrupted'
        : isMended
          ? 'repaired'
          : faults.size > 0
            ? 'damaged'
            : 'sound',
    folder,
    deep,
    ...(deep && { keysChecked: set.isKnown || (plugIn !== undefined && manifest.aggregate === undefined) }),
    numbers,
    files: files.length,
    bytes,
    faults: [...faults.values()],
    isRepairable: set.isKnown,
    unnamed,
  };
}

/** Faults by the numbers of their files, ascending. */
async function findFaults(
  pool: CheckPool,
  set: CheckedSet,
  options: VerifyOptions,
): Promise<Map<number, TableFault>> {
  const { folder, cpus, deep, signal, onEvent = () => undefined } = options;
  const { files, count, bytes } = set.manifest;
  const share = (part: bigint): bigint => (bytes === 0n ? count : (count * part) / bytes);
  const checker = new FileChecker(pool, set.recipe, files, {
    cpus,
    isStopped: () => signal?.aborted === true,
    onStart: (tasks) => {
      const none = { jobsDone: 0, numbersDone: 0n, bytesDone: 0n };
      onEvent({
        type: 'started',
        work: 'checking',
        plan: describeWork(set, tasks),
        out: folder,
        cpus,
        ...none,
      });
    },
    onTask: (jobsDone, bytesDone) =>
      onEvent({ type: 'job-done', job: jobsDone - 1, jobsDone, numbersDone: share(bytesDone), bytesDone }),
  });
  const faults = await checker.findFaults([...files.keys()], deep);
  if (signal?.aborted === true) return faults;
  if (faults.size > 0) return set.isKnown || deep ? await checker.locate(faults) : faults;
  // Of what no file shows by itself, together they do.
  const isAsSaid = set.isKnown || !deep || checker.sum === sumUpBuckets(set.manifest);
  if (!isAsSaid) {
    const file = set.manifest.bucketList?.file ?? MANIFEST_NAME;
    faults.set(files.length, { file, what: bucketsContradictTables() });
  }
  return faults;
}

async function mend(
  pool: CheckPool,
  set: CheckedSet,
  files: readonly number[],
  options: VerifyOptions,
): Promise<boolean> {
  const count = files.length === 1 ? '1 file' : `${files.length} files`;
  options.onEvent?.({ type: 'notice', message: `writing ${count} of ${options.folder} anew` });
  return repairFiles(pool, set, files, options);
}

/** What stands in `folder`, sorted, besides the manifest and what it names; hidden files do not count. */
export async function listUnnamed(folder: string, listed: readonly string[]): Promise<string[]> {
  const named = new Set([MANIFEST_NAME, ...listed]);
  const names = await readdir(folder);
  return names.filter((name) => !named.has(name) && !name.startsWith('.')).sort();
}

/** Gives notice of what `listUnnamed` found, if anything. */
export function tellUnnamed(
  folder: string,
  unnamed: readonly string[],
  onEvent: NonNullable<VerifyOptions['onEvent']>,
): void {
  const [name] = unnamed;
  if (name !== undefined) onEvent({ type: 'notice', message: describeUnnamed(folder, name, unnamed) });
}

function describeUnnamed(folder: string, name: string, unnamed: readonly string[]): string {
  const what =
    unnamed.length === 1
      ? `a file that the manifest does not name: ${name}`
      : `${unnamed.length} files that the manifest does not name, such as ${name}`;
  return `${folder} holds ${what}`;
}
