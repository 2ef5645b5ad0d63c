import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AGGREGATE_NAMES } from '../aggregates/open-aggregate.js';
import { jobMalformed, jobOfOtherVersion } from '../errors.js';
import { fromOutside } from '../errors/quoting.js';
import { LAYOUT_NAMES } from '../layouts/layout-name.js';
import {
  MAX_BUILD_JOBS,
  MAX_EXPRESSION_DIGITS,
  MAX_PARTITIONS,
  MAX_PLACED_DIGITS,
  MAX_TIMER_MS,
} from '../limits.js';
import { splitIntoJobs } from '../range/jobs.js';
import { Refusal } from './refusal.js';

// What crosses the queue. Whoever can write to the queue can write anything: nothing of it is used before it is checked.

/** Raised with each change of what crosses the queue, so that machines of different versions refuse each other's words. */
const FORMAT = 2;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const wholeNumber = z.string().max(MAX_EXPRESSION_DIGITS).regex(/^\d+$/);
const jobNumber = z.int().min(0).max(Number(MAX_BUILD_JOBS));
const byteCount = z.number().int().min(0);
const crc = z.int().min(0).max(0xffffffff);
const text = z.string().max(1000);

/** A build's name: in folder names, job ids and messages. */
export const buildId = z.string().regex(/^b[0-9a-f]{12}$/);

const signature = z.strictObject({
  name: text,
  version: text,
  fileHash: sha256.optional(),
  options: z.record(text, text).optional(),
});

/** A folder below the root, with slashes; never out of it. */
const folder = z
  .string()
  .max(4000)
  .refine((path) => path !== '' && !path.startsWith('/') && !/[\\:\0]/.test(path), 'not a relative path')
  .refine((path) => path.split('/').every((name) => name !== '' && name !== '..'), 'leads elsewhere');

/** What a worker is told of a job. */
export const jobData = z.strictObject({
  format: z.literal(FORMAT),
  build: buildId,
  token: z.string().regex(/^[0-9a-f]{32}$/),
  job: jobNumber,
  /** The output folder, from the root on. */
  out: folder,
  start: wholeNumber,
  end: wholeNumber,
  chunk: wholeNumber,
  layout: z.enum(LAYOUT_NAMES),
  nameDigits: z.int().min(1).max(MAX_PLACED_DIGITS),
  signature,
  aggregate: text,
  /** A spool file that the build places, or a table set that it merges. */
  yields: z.enum(['spool', 'set']),
  partitions: z.int().min(1).max(MAX_PARTITIONS),
  /** Of the table set that a job yields; a set that is merged may have another layout than the whole. */
  setLayout: z.enum(LAYOUT_NAMES),
  sync: z.boolean(),
  jobTimeoutMs: z.int().min(1).max(MAX_TIMER_MS).optional(),
});

export type JobData = z.infer<typeof jobData>;

/** What a worker answers: where its result stands, never the result itself. */
export const jobAnswer = z.strictObject({
  path: z.string().max(200),
  bytes: byteCount,
  checksum: sha256,
});

export type JobAnswer = z.infer<typeof jobAnswer>;

const resultFile = z.strictObject({ name: z.string().max(255), bytes: byteCount, crc32: crc });

/** What a worker leaves beside a result. */
export const receipt = z.strictObject({
  format: z.literal(FORMAT),
  build: buildId,
  job: jobNumber,
  /** What the result was made from: the `hashWork` of its job, and the job's own range. */
  work: sha256,
  start: wholeNumber,
  end: wholeNumber,
  host: text.transform(fromOutside),
  /** How often the job had failed, and lost its worker, before. */
  failures: z.int().min(0),
  stalls: z.int().min(0),
  files: z.array(resultFile).max(2),
  bytes: byteCount,
  spooled: z.strictObject({ bytes: byteCount, crc, numbers: byteCount, entries: byteCount }).optional(),
});

export type Receipt = z.infer<typeof receipt>;

/** The same as a worker writes it. */
export type WrittenReceipt = z.input<typeof receipt>;

/** What the jobs of a build have in common: all but which of them it is. */
export type JobTerms = Omit<JobData, 'job'>;

/** SHA-256 in hex of all that the jobs of a build have in common. The token file holds it, so that a job can be held against it. */
export function hashTerms(data: JobTerms): string {
  return hashMembers(data, ['job']);
}

/** The same of what shapes a result alone: a run with another timeout takes the results of the one before. */
export function hashWork(data: JobTerms): string {
  return hashMembers(data, ['job', 'sync', 'jobTimeoutMs']);
}

/** PostgreSQL keeps the members of an object in an order of its own. */
function hashMembers(data: JobTerms, without: readonly string[]): string {
  const members = Object.entries(data).filter(([name]) => !without.includes(name));
  const sorted = (_: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return createHash('sha256')
    .update(JSON.stringify(Object.fromEntries(members), sorted))
    .digest('hex');
}

/** Checks what a job says. Throws JOB; a Refusal for a job of another version, which is for other machines. */
export function readJobData(id: string, value: unknown): JobData {
  const format = (value as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format !== FORMAT)
    throw new Refusal(jobOfOtherVersion(id, format, FORMAT));
  const { success, data, error } = jobData.safeParse(value);
  if (!success) throw jobMalformed(id, error.issues[0] ? describeIssue(error.issues[0]) : 'unknown');
  if (id !== `${data.build}-${data.job}`) throw jobMalformed(id, 'it is named as another one');
  if (BigInt(data.start) >= BigInt(data.end) || BigInt(data.chunk) < 1n)
    throw jobMalformed(id, 'its range is empty');
  const jobs = splitIntoJobs({ start: BigInt(data.start), end: BigInt(data.end) }, BigInt(data.chunk));
  if (BigInt(data.job) >= jobs.count) throw jobMalformed(id, `its build has ${jobs.count} jobs`);
  const isOwn = data.signature.fileHash !== undefined;
  if (!isOwn && !AGGREGATE_NAMES.includes(data.aggregate as never))
    throw jobMalformed(id, 'its aggregate is unknown');
  return data;
}

/** What zod found wrong, and where. */
export function describeIssue({ path, message }: { path: readonly PropertyKey[]; message: string }): string {
  return `${path.map(String).join('.')}: ${message}`;
}
