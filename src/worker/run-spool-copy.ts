import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import { WRITE_PLAIN } from '../files/plain-file.js';
import { sourceFileDamaged, SigtablesError } from '../errors.js';
import type { JobOutcome, JobTask, JobYield, SpoolCopyRecipe, SpooledSource } from '../pool/messages.js';
import { splitIntoJobs } from '../range/jobs.js';
import { CopiedSpool } from '../spool/copied-spool.js';
import { copyBuckets, readCheckedLines } from '../spool/copy-buckets.js';
import { TableCopier, type CopiedTable, type CopyGroups } from '../spool/copy-tables.js';
import { JobCells } from '../spool/job-cells.js';
import { nameSpoolFile } from '../spool/spool-names.js';
import { manifestPath, readManifest, readManifestText, type ManifestBucket } from '../tables/manifest.js';
import { readBucket } from '../tables/manifest-quick.js';
import { readRemainder } from '../tables/remainders.js';
import { describeFailure } from './failure.js';
import { SourceError } from './source-files.js';
import { createStop } from './stopped.js';

const recipe = workerData as SpoolCopyRecipe;
const stop = new Int32Array(recipe.stop);

/** What the pool of a merge through a spool calls in a worker thread. Never throws: piscina would drop the error's code and errno. */
export default async function runSpoolCopy({ job }: JobTask): Promise<JobOutcome> {
  try {
    return { ok: true, ...(await copyJob(job)) };
  } catch (error) {
    return { ok: false, failure: describeFailure(error) };
  }
}

async function copyJob(job: number): Promise<JobYield> {
  const { jobs, sources, partitions, spoolFolder, layout, aggregate, range } = recipe;
  const task = jobs[job]!;
  const source = sources[task.source]!;
  const ofBuckets = 'ofBuckets' in task;
  // Where each job of the merged set has a table, what is only known of buckets goes past those.
  const hasCells = !(ofBuckets && layout === 'job');
  const fd = openSync(join(spoolFolder, nameSpoolFile(job)), WRITE_PLAIN, 0o666);
  try {
    const offset = Number(source.range.start - range.start);
    const spool = new CopiedSpool(fd, { job, partitions, hasCells }, offset);
    const copier = new TableCopier(spool, source.range.start, aggregate, {
      hasRemainders: source.remainders !== undefined,
      groups: describeGroups(offset),
    });
    if ('ofBuckets' in task)
      copyBuckets(spool, await readBuckets(source), source.range, manifestPath(source.folder));
    else if ('ofRemainders' in task) copyRemainders(copier, source);
    else for (const table of listTables(source, task)) readTable(copier, table);
    checkStop();
    const spooled = spool.end();
    return { job, firstFile: 0, crcs: new Uint32Array(0), bytes: spooled.bytes, spooled };
  } finally {
    closeSync(fd);
  }
}

function describeGroups(base: number): CopyGroups | undefined {
  const { layout, range, chunk, partitions: groups } = recipe;
  if (layout !== 'job') return undefined;
  return { cells: new JobCells(range, chunk), jobs: Number(splitIntoJobs(range, chunk).count), groups, base };
}

function* listTables(
  { folder, files, range, chunk }: SpooledSource,
  { from, to }: { from: number; to: number },
): Generator<CopiedTable> {
  const cells = chunk === undefined ? undefined : splitIntoJobs(range, chunk);
  for (let i = from; i < to; i++) {
    const { file, bytes, crc32 } = files[i]!;
    yield { path: join(folder, file), bytes, crc32, range: cells?.at(BigInt(i)) ?? range };
  }
}

/** What the system throws on the way befell a source: the spool is written when a slice is full, whose errors name no path. */
function readTable(copier: TableCopier, table: CopiedTable): void {
  try {
    copier.copy(table, checkStop);
  } catch (error) {
    const failure = error as NodeJS.ErrnoException;
    const isSource = failure.syscall !== 'write' && failure.errno !== undefined;
    if (error instanceof SigtablesError || !isSource) throw error;
    throw new SourceError(table.path, failure.message, failure);
  }
}

/** Each goes where its sum goes. */
function copyRemainders(copier: TableCopier, source: SpooledSource): void {
  const { folder, files, remainders, range } = source;
  if (!remainders) return;
  const path = join(folder, remainders.file);
  const tables = new Map(
    [...listTables(source, { from: 0, to: files.length })].map((table, i) => [files[i]!.file, table.range]),
  );
  const ofJobs = source.chunk !== undefined;
  for (const line of readCheckedLines(path, remainders.crc32, readRemainder)) {
    checkStop();
    const place = ofJobs ? tables.get(line.file ?? '') : line.file === undefined ? range : undefined;
    if (!place) throw sourceFileDamaged(path);
    copier.addRemainder(line, place);
  }
}

async function readBuckets(source: SpooledSource): Promise<Iterable<ManifestBucket>> {
  const { folder, bucketList, digest } = source;
  if (bucketList) return readCheckedLines(join(folder, bucketList.file), bucketList.crc32, readBucket);
  const found = createHash('sha256').update(readManifestText(folder)).digest('hex');
  if (found !== digest) throw sourceFileDamaged(manifestPath(folder));
  return (await readManifest(folder)).buckets;
}

function checkStop(): void {
  if (Atomics.load(stop, 0) !== 0) throw createStop();
}
