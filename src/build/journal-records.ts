import type { SourceShare, SpooledJob } from '../pool/messages.js';
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

/** Checks a record as far as reading on depends on it; its CRC-32 has already vouched for its bytes. Throws if it is none. */
export function validateRecord(value: unknown): JournalRecord {
  const record = value as JournalRecord;
  if (record.type === 'header' && typeof record.planHash === 'string') return record;
  if (record.type === 'checkpoint' && Array.isArray(record.jobs) && typeof record.crcs === 'string')
    return record;
  if (record.type === 'discard' && Array.isArray(record.jobs)) return record;
  if (record.type === 'files' && Array.isArray(record.names)) return record;
  throw new TypeError('not a journal record');
}
