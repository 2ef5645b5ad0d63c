import { LAYOUT_NAMES } from '../layouts/layout-name.js';
import { MAX_BUILD_JOBS, MAX_EXPRESSION_DIGITS, MAX_PARTITIONS, MAX_PLACED_DIGITS } from '../limits.js';
import type { SourceShare, SpooledJob } from '../pool/messages.js';
import { splitIntoJobs } from '../range/jobs.js';
import { isPlainFileName } from '../tables/manifest-consistency.js';
import type { PlanIdentity } from './plan.js';

/** The first record of a journal: what is built, and on which terms its checkpoints hold. */
export interface HeaderRecord {
  readonly type: 'header';
  readonly format: 1;
  /** The version of sigtables that began the build: another one may place bytes differently. */
  readonly writer: string;
  readonly plan: PlanIdentity;
  readonly planHash: string;
  /** Into how many parts the keys are divided, where there is a spool. */
  readonly partitions?: number;
}

/** Jobs that are done, and what they added since the checkpoint before. */
export interface CheckpointRecord {
  readonly type: 'checkpoint';
  /** Half-open ranges of job numbers. */
  readonly jobs: readonly (readonly [number, number])[];
  readonly firstFile: number;
  /** Per file from the first on, a 32-bit share of its CRC-32, little-endian in base64. */
  readonly crcs: string;
  /** Bytes that each job wrote, in the order of `jobs`. */
  readonly bytes: readonly number[];
  /** What the jobs of a build through a spool have spooled, in the order of `jobs`. */
  readonly spooled?: readonly SpooledJob[];
  /** What the jobs of a merge have read. */
  readonly sources?: readonly SourceShare[];
  /** The boot during which unsynced data was written; absent where it was synced first. */
  readonly unsyncedBoot?: string;
}

/** Jobs that an earlier record called done and that are to be done again. */
export interface DiscardRecord {
  readonly type: 'discard';
  readonly jobs: readonly (readonly [number, number])[];
}

/** The table files that a build through a spool is about to make: only now are they known. */
export interface FilesRecord {
  readonly type: 'files';
  readonly names: readonly string[];
}

export type JournalRecord = HeaderRecord | CheckpointRecord | DiscardRecord | FilesRecord;

/**
 * Checks a record; its CRC-32 vouches for its bytes, but not for whoever wrote them: a folder may come from somebody else, and
 * what a journal names is removed by `--force`. Throws if it is none.
 */
export function validateRecord(value: unknown): JournalRecord {
  const record = value as JournalRecord;
  if (record.type === 'header' && isHeader(record)) return record;
  if (record.type === 'checkpoint' && isJobList(record.jobs) && typeof record.crcs === 'string')
    return record;
  if (record.type === 'discard' && isJobList(record.jobs)) return record;
  if (record.type === 'files' && isNameList(record.names)) return record;
  throw new TypeError('not a journal record');
}

function isHeader({ writer, plan, planHash, partitions = 1 }: HeaderRecord): boolean {
  const isCounted = Number.isInteger(partitions) && partitions >= 1 && partitions <= MAX_PARTITIONS;
  return typeof writer === 'string' && typeof planHash === 'string' && isCounted && isPlan(plan);
}

/** Whether the plan is one that a build takes: its files can be listed. */
function isPlan({ signature, start, end, layout, chunk, nameDigits }: PlanIdentity): boolean {
  if (typeof signature !== 'string' || !LAYOUT_NAMES.includes(layout)) return false;
  if (!Number.isInteger(nameDigits) || nameDigits < 1 || nameDigits > MAX_PLACED_DIGITS) return false;
  if (![start, end].every((bound) => isWholeNumber(bound, MAX_PLACED_DIGITS))) return false;
  if (!isWholeNumber(chunk, MAX_EXPRESSION_DIGITS) || BigInt(chunk) < 1n) return false;
  return splitIntoJobs({ start: BigInt(start), end: BigInt(end) }, BigInt(chunk)).count <= MAX_BUILD_JOBS;
}

/** As a plan has it. */
function isWholeNumber(text: unknown, maxDigits: number): boolean {
  return typeof text === 'string' && text.length <= maxDigits && /^\d+$/.test(text);
}

function isJobList(jobs: unknown): boolean {
  return Array.isArray(jobs) && jobs.every((job) => Array.isArray(job) && job.every(isJobNumber));
}

function isJobNumber(job: unknown): boolean {
  return Number.isInteger(job) && (job as number) >= 0 && (job as number) <= Number(MAX_BUILD_JOBS);
}

function isNameList(names: unknown): boolean {
  return Array.isArray(names) && names.every((name) => typeof name === 'string' && isPlainFileName(name));
}
