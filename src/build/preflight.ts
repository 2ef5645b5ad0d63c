import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { LIST } from '../aggregates/open-aggregate.js';
import {
  buildTooManyDigits,
  buildTooManyJobs,
  notEnoughInodes,
  notEnoughSpace,
  outputIsNoFolder,
  outputNotWritable,
  systemFailed,
} from '../errors.js';
import { DISK_BLOCK_BYTES, MANIFEST_ENTRY_BYTES, MAX_BUILD_JOBS, MAX_PLACED_DIGITS } from '../limits.js';
import { countNumberBytes } from '../layouts/measure.js';
import type { PlanFacts } from './options.js';

/** What the disk under a folder has left. */
export interface DiskSpace {
  readonly freeBytes: bigint;
  /** Files that may yet be created; `undefined` where the file system sets no number. */
  readonly freeFiles: bigint | undefined;
}

/** The nearest folder on the way to `path` that exists. Throws OUTPUT where something else stands there. */
async function findExistingFolder(path: string): Promise<string> {
  for (let at = resolve(path); ; at = dirname(at)) {
    const found = await stat(at).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw systemFailed(at, error, 'nothing was written');
    });
    if (found?.isDirectory() === true) return at;
    if (found) throw outputIsNoFolder(at);
  }
}

/** What is free on the disk that `out` is, or would be, on. */
export async function measureDiskSpace(out: string): Promise<DiskSpace> {
  const { bavail, bsize, files, ffree } = await statfs(await findExistingFolder(out), { bigint: true });
  return { freeBytes: bavail * bsize, freeFiles: files > 0n ? ffree : undefined };
}

/** Refuses what cannot work, before anything is written: an output place that takes no files, or not enough bytes. */
export async function checkOutputPlace(
  out: string,
  plan: PlanFacts,
  written: { readonly bytes: bigint; readonly files: bigint },
): Promise<void> {
  const folder = await findExistingFolder(out);
  await access(folder, constants.W_OK | constants.X_OK).catch((error: NodeJS.ErrnoException) => {
    throw outputNotWritable(folder, error);
  });
  const { freeBytes, freeFiles } = await measureDiskSpace(folder);
  const missingBytes = estimateDiskBytes(plan) - written.bytes;
  if (missingBytes > freeBytes) throw notEnoughSpace(out, missingBytes, freeBytes);
  const missingFiles = (plan.files ?? 0n) - written.files;
  if (freeFiles !== undefined && missingFiles > freeFiles)
    throw notEnoughInodes(out, missingFiles, freeFiles);
  const digits = plan.range.end.toString().length;
  if (digits > MAX_PLACED_DIGITS) throw buildTooManyDigits(digits, MAX_PLACED_DIGITS);
  if (plan.jobs > MAX_BUILD_JOBS) throw buildTooManyJobs(plan.jobs, MAX_BUILD_JOBS);
}

/**
 * At least what the tables and their manifest take: no file less than a block. Without a closed form, lists are written twice, to
 * the spool and to their places; how many numbers get a key is not known, and is taken for all.
 */
function estimateDiskBytes(plan: PlanFacts): bigint {
  const { bytes, files = 0n, signatures = 0n, range, aggregate, diskBytes } = plan;
  if (bytes === undefined && diskBytes !== undefined) return diskBytes;
  if (bytes === undefined) return aggregate === LIST ? 2n * countNumberBytes(range) : 0n;
  const blockBytes = files * DISK_BLOCK_BYTES;
  const manifestBytes = (files + signatures) * MANIFEST_ENTRY_BYTES;
  return (bytes > blockBytes ? bytes : blockBytes) + manifestBytes;
}
