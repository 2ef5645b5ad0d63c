import { readdir, rename, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Layout } from '../layouts/layout.js';
import type { Region } from '../layouts/regions.js';
import { sizeOf } from '../range/range.js';
import type { ClosedForm } from '../signatures/signature.js';
import { nameSpoolFile } from '../spool/spool-names.js';
import { tablesContradictPlan } from '../errors.js';
import { JOBS_FOLDER } from '../tables/folder-names.js';
import { syncFolder, writeFileDurably } from '../tables/durable.js';
import {
  encodeManifest,
  MANIFEST_NAME,
  manifestPath,
  type ManifestBucket,
  type ManifestFile,
  type ManifestParts,
} from '../tables/manifest.js';
import { findHeadContradiction } from '../tables/manifest-consistency.js';
import { journalPath } from './build-journal.js';
import type { Ledger } from './ledger.js';
import type { PlanFacts, SizedPlan } from './options.js';
import { buildFolderOf } from './output-folder.js';

/**
 * Writes the manifest, which makes the files a table set; all of them are on the disk already. Throws TABLES where what was made is
 * not what was planned: no such set must come to be, whoever made its parts.
 */
export async function commitManifest(
  out: string,
  { numbers }: Pick<PlanFacts, 'numbers'>,
  parts: ManifestParts,
  sync: boolean,
): Promise<void> {
  const wrong = parts.count > numbers ? 'it has more numbers than its plan' : findHeadContradiction(parts);
  if (wrong !== undefined) throw tablesContradictPlan(wrong);
  await writeFileDurably(manifestPath(out), encodeManifest(parts), { sync });
}

/** Throws TABLES where the buckets do not hold all numbers that the jobs have spooled, but `placed`. */
export function refuseLostNumbers(ledger: Pick<Ledger, 'jobCount' | 'spooledOf'>, placed: bigint): void {
  let spooled = 0n;
  for (let job = 0; job < ledger.jobCount; job++) spooled += BigInt(ledger.spooledOf(job)?.numbers ?? 0);
  if (placed !== spooled)
    throw tablesContradictPlan(`its jobs spooled ${spooled} numbers, and ${placed} were placed`);
}

/** Writes the manifest of tables whose fragments a closed form has placed. */
export async function writeManifest(
  out: string,
  plan: SizedPlan,
  closedForm: ClosedForm,
  layout: Layout,
  ledger: Ledger,
  sync: boolean,
): Promise<void> {
  const parts = {
    signature: plan.signature,
    range: plan.range,
    layout: plan.layout,
    ...(plan.layout === 'job' && { chunk: plan.chunk }),
    count: sizeOf(plan.range),
    bytes: plan.bytes,
    files: listFiles(layout, ledger),
    buckets: listBuckets(plan, closedForm, layout),
  };
  await commitManifest(out, plan, parts, sync);
}

function* listFiles(layout: Layout, ledger: Ledger): Generator<ManifestFile> {
  const sizes = layout.ownsFiles ? undefined : layout.placementFor(0).fileBytes;
  for (let file = 0; file < layout.fileCount; file++) {
    const bytes = BigInt(sizes?.[file] ?? ledger.bytesOf(file));
    yield { file: layout.fileName(file), bytes, crc32: ledger.crcs[file] ?? 0 };
  }
}

/** In the order of their first numbers. */
function* listBuckets(plan: PlanFacts, closedForm: ClosedForm, layout: Layout): Generator<ManifestBucket> {
  const [below, upTo] = [closedForm.tally(plan.range.start), closedForm.tally(plan.range.end)];
  const lastOf = new Map(closedForm.lastMembers(plan.range).map(({ key, number }) => [key, number]));
  const regions = layout.ownsFiles ? [] : layout.placementFor(0).regions;
  const regionOf = new Map<string, Region>(regions.map((region) => [region.key, region]));
  for (const { key, number: first } of closedForm.firstMembers(plan.range)) {
    const region = regionOf.get(key);
    yield {
      key,
      ...(region && { file: layout.fileName(region.file), offset: BigInt(region.arrayOffset) }),
      count: upTo.count(key) - below.count(key),
      // A number's separator is counted with it; an array has one bracket more than separators.
      bytes: region ? BigInt(region.arrayBytes) : upTo.bytes(key) - below.bytes(key),
      first,
      last: lastOf.get(key) ?? first,
    };
  }
}

/**
 * Takes a table set's manifest away, so that the folder holds none from here on, but keeps it in the build folder: it
 * says whose the tables are. Removes what a killed build may have left of one.
 */
export async function withdrawManifest(out: string, sync: boolean): Promise<void> {
  await rename(manifestPath(out), manifestPath(buildFolderOf(out))).catch(ignoreAbsence);
  for (const name of await readdir(out)) {
    if (name.startsWith(`.${MANIFEST_NAME}.tmp-`)) await unlink(join(out, name)).catch(ignoreAbsence);
  }
  if (sync) await syncFolder(out);
}

/** Removes the manifest of a table set that has been replaced. */
export async function removeWithdrawnManifest(out: string): Promise<void> {
  await rm(manifestPath(buildFolderOf(out)), { force: true });
}

/** Where a build through a spool keeps it. */
export function spoolFolderOf(out: string): string {
  return join(buildFolderOf(out), 'spool');
}

/** Where a build through a spool keeps what `job` has yielded. */
export function spoolFileOf(out: string, job: number): string {
  return join(spoolFolderOf(out), nameSpoolFile(job));
}

/** Where a distributed build keeps what other machines have yielded, until it is put together. */
export function jobsFolderOf(out: string): string {
  return join(buildFolderOf(out), JOBS_FOLDER);
}

/** Where a repair writes files before they take their places. */
export function repairFolderOf(out: string): string {
  return join(buildFolderOf(out), 'repair');
}

/** Removes what only a running or interrupted build or repair needs; the lock goes with its release. */
export async function removeWork(out: string): Promise<void> {
  await rm(spoolFolderOf(out), { recursive: true, force: true });
  await rm(repairFolderOf(out), { recursive: true, force: true });
  await removeJobsFolder(out);
  await rm(journalPath(out), { force: true });
}

/** Under another name first: a machine that comes too late finds nothing to write to. */
async function removeJobsFolder(out: string): Promise<void> {
  const leaving = join(buildFolderOf(out), 'jobs-done');
  await rename(jobsFolderOf(out), leaving).catch(ignoreAbsence);
  await rm(leaving, { recursive: true, force: true, maxRetries: 3 });
}

function ignoreAbsence(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
