import { sizeOf } from '../range/range.js';
import type { Jobs } from '../range/jobs.js';
import type { JobYield, SpooledJob } from '../pool/messages.js';
import type { CheckpointRecord } from './journal-records.js';
import type { SourceChecks } from './source-checks.js';

/** What a ledger is kept of. */
interface LedgerShape {
  readonly jobs: Jobs;
  readonly fileCount: number;
  /** Whether each file is written by one job alone: job i writes file i. */
  readonly ownsFiles: boolean;
}

/** Jobs that no checkpoint holds yet, and the files `[from, to)` that they wrote to. */
export interface FreshFiles {
  readonly jobs: readonly number[];
  readonly from: number;
  readonly to: number;
}

/** Which jobs are done, and the CRC-32 of every file as far as it is written. */
export class Ledger {
  readonly crcs: Uint32Array;
  /** What a merge has read of its sources. */
  readonly sources: SourceChecks | undefined;
  /** Bytes that each job wrote; 0 where it is not done. */
  readonly #jobBytes: Float64Array;
  readonly #jobs: Jobs;
  readonly #ownsFiles: boolean;
  readonly jobCount: number;
  /** What jobs have spooled, where there is a spool. */
  readonly #spooled = new Map<number, SpooledJob>();
  /** Done, but in no checkpoint yet. */
  #fresh: JobYield[] = [];
  jobsDone = 0;
  numbersDone = 0n;
  bytesDone = 0n;
  /** Whether an earlier run recorded jobs whose data it did not sync. */
  hasUnsynced = false;

  constructor({ jobs, fileCount, ownsFiles }: LedgerShape, sources?: SourceChecks) {
    this.#jobs = jobs;
    this.#ownsFiles = ownsFiles;
    this.jobCount = Number(jobs.count);
    this.sources = sources;
    this.#jobBytes = new Float64Array(Number(jobs.count));
    this.crcs = new Uint32Array(fileCount);
  }

  isDone(job: number): boolean {
    return this.bytesOf(job) > 0;
  }

  /** Bytes that `job` wrote, which is the size of its file where it has one of its own. */
  bytesOf(job: number): number {
    return this.#jobBytes[job] ?? 0;
  }

  /** What `job` has spooled; nothing where it is not done. */
  spooledOf(job: number): SpooledJob | undefined {
    return this.#spooled.get(job);
  }

  /** Jobs that no checkpoint holds yet. */
  get freshJobs(): number {
    return this.#fresh.length;
  }

  add(result: JobYield): void {
    this.#fresh.push(result);
    this.#markDone(result.job, result.bytes);
    if (result.spooled) this.#spooled.set(result.job, result.spooled);
    this.#addCrcs(result.firstFile, result.crcs);
    this.sources?.add(result.sources ?? []);
  }

  /** Takes a checkpoint of an earlier run over; its jobs will not be run again. Throws if it fits no such build. */
  restore({ jobs, firstFile, crcs, bytes, spooled, sources, unsyncedBoot }: CheckpointRecord): void {
    if (unsyncedBoot !== undefined) this.hasUnsynced = true;
    let at = 0;
    for (const [from, to] of jobs) {
      for (let job = from; job < to; job++, at++) {
        this.#markDone(job, bytes[at] ?? 0);
        const receipt = spooled?.[at];
        if (receipt) this.#spooled.set(job, receipt);
      }
    }
    const packed = Buffer.from(crcs, 'base64');
    const shares = new Uint32Array(packed.length / 4).map((_, i) => packed.readUInt32LE(4 * i));
    this.#addCrcs(firstFile, shares);
    this.sources?.add(sources ?? []);
  }

  /**
   * Makes `job` undone. Where files are shared, or read by a merge, their CRCs are only right again once every job that
   * is done has been forgotten; the caller sees to that.
   */
  forget(job: number): void {
    const bytes = this.bytesOf(job);
    if (bytes === 0) return;
    this.#jobBytes[job] = 0;
    this.#spooled.delete(job);
    this.bytesDone -= BigInt(bytes);
    this.jobsDone -= 1;
    this.numbersDone -= sizeOf(this.#jobs.at(BigInt(job)));
    if (this.#ownsFiles) this.crcs[job] = 0;
    else if (this.jobsDone === 0) this.crcs.fill(0);
    if (this.jobsDone === 0) this.sources?.clear();
  }

  /** What has come since the last call, for a checkpoint to record; nothing where nothing has. */
  takeFresh(): { record: CheckpointRecord; files: FreshFiles } | undefined {
    const fresh = this.#fresh;
    if (fresh.length === 0) return undefined;
    this.#fresh = [];
    const from = Math.min(...fresh.map(({ firstFile }) => firstFile));
    const to = Math.max(...fresh.map(({ firstFile, crcs }) => firstFile + crcs.length));
    fresh.sort((a, b) => a.job - b.job);
    const packed = Buffer.alloc(4 * (to - from));
    for (const { firstFile, crcs } of fresh) {
      crcs.forEach((crc, i) => {
        const at = 4 * (firstFile - from + i);
        packed.writeUInt32LE((packed.readUInt32LE(at) ^ crc) >>> 0, at);
      });
    }
    const jobs = fresh.map(({ job }) => job);
    const record: CheckpointRecord = {
      type: 'checkpoint',
      jobs: joinJobs(jobs),
      firstFile: from,
      crcs: packed.toString('base64'),
      bytes: fresh.map(({ bytes }) => bytes),
      ...(this.#spooled.size > 0 && { spooled: fresh.flatMap(({ spooled = [] }) => spooled) }),
      ...(this.sources && { sources: fresh.flatMap(({ sources = [] }) => sources) }),
    };
    return { record, files: { jobs, from, to } };
  }

  #markDone(job: number, bytes: number): void {
    if (this.#jobBytes[job] !== 0 || !(bytes > 0))
      throw new RangeError(`job ${job} is none that could be done`);
    this.#jobBytes[job] = bytes;
    this.bytesDone += BigInt(bytes);
    this.jobsDone += 1;
    this.numbersDone += sizeOf(this.#jobs.at(BigInt(job)));
  }

  #addCrcs(firstFile: number, crcs: Uint32Array): void {
    if (firstFile < 0 || firstFile + crcs.length > this.crcs.length) throw new RangeError('no such files');
    crcs.forEach((crc, i) => {
      this.crcs[firstFile + i]! ^= crc;
    });
  }
}

/** Job numbers as half-open ranges. */
export function joinJobs(ascending: readonly number[]): [number, number][] {
  const joined: [number, number][] = [];
  for (const job of ascending) {
    const last = joined.at(-1);
    if (last?.[1] === job) last[1] = job + 1;
    else joined.push([job, job + 1]);
  }
  return joined;
}
