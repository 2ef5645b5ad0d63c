import { z } from 'zod';
import type { Queue } from 'bullmq';
import type { MachineStanding } from '../build/options.js';
import { fromOutside, type OutsideText, rawText, toOneLine } from '../errors/quoting.js';
import { LAYOUT_NAMES } from '../layouts/layout-name.js';
import { QUEUE_RECORD_MS, QUEUE_SILENT_MS } from '../limits.js';
import { buildId, describeIssue, wholeNumber } from './job-data.js';
import { DAMAGED, findJob } from './find-job.js';
import type { QueueServer } from './queue-server.js';

// Builds and machines say that they are there by a job each in a queue of its own that nobody takes jobs from.

/** Raised with each change of what a record says; 1 had times by the machine that wrote it. */
const FORMAT = 2;

const text = z.string().max(1000).transform(fromOutside);
const count = z.number().int().min(0);

/** When it was written, by the server's clock: what a date can hold. */
const beat = count.max(8.64e15);

/** What a build says of itself. */
export const buildRecord = z.strictObject({
  format: z.literal(FORMAT),
  kind: z.literal('build'),
  id: buildId,
  host: text,
  pid: count,
  state: z.enum(['running', 'stopped']),
  out: text,
  signature: text,
  aggregate: text,
  layout: z.enum(LAYOUT_NAMES),
  start: wholeNumber,
  end: wholeNumber,
  jobs: count,
  done: count,
  /** How often jobs failed or lost their worker, and were tried again. */
  again: count,
  beatMs: beat,
});

export type BuildRecord = z.infer<typeof buildRecord>;

/** What a build writes of itself; the board adds the time. */
export type PostedBuild = Omit<z.input<typeof buildRecord>, 'beatMs'>;

/** What a worker says of itself. */
export const machineRecord = z.strictObject({
  format: z.literal(FORMAT),
  kind: z.literal('machine'),
  id: z.uuid(),
  host: text,
  pid: count,
  threads: count,
  running: count,
  /** Since it started. */
  jobs: count,
  failures: count,
  numbers: wholeNumber,
  /** Of the last seconds; absent before its first job. */
  numbersPerS: z.number().min(0).optional(),
  beatMs: beat,
});

export type MachineRecord = z.infer<typeof machineRecord>;

/** What a worker writes of itself; the board adds the time. */
export type PostedMachine = Omit<z.input<typeof machineRecord>, 'beatMs'>;

type BoardRecord = BuildRecord | MachineRecord;

/** What is on the board under the name `id` and is no record of this version. */
export interface StrangeRecord {
  readonly id: OutsideText;
  /** What is wrong with it, in words. */
  readonly why: OutsideText;
}

/** All that is on the board. */
export interface BoardView {
  readonly builds: BuildRecord[];
  readonly machines: MachineRecord[];
  readonly strange: StrangeRecord[];
  /** The server's time at which it was read. */
  readonly nowMs: number;
}

const cancelRecord = z.strictObject({ kind: z.literal('cancel'), id: buildId });
const anyRecord = z.discriminatedUnion('kind', [buildRecord, machineRecord, cancelRecord]);

/** The records of builds and machines on a queue's server. */
export class Board {
  readonly #queue: Queue;
  readonly #server: Pick<QueueServer, 'now'>;

  constructor(queue: Queue, server: Pick<QueueServer, 'now'>) {
    this.#queue = queue;
    this.#server = server;
  }

  /** Writes a record with the server's time, in place of an earlier one. Rejects where the server does not answer. */
  async post(given: PostedBuild | PostedMachine): Promise<void> {
    const record = { ...given, beatMs: await this.#server.now() };
    const jobId = nameRecord(record);
    const known = await findJob(this.#queue, jobId);
    if (known === DAMAGED) await this.#queue.remove(jobId);
    if (known && known !== DAMAGED) await known.updateData(record);
    else await this.#queue.add(record.kind, record, { jobId });
  }

  async remove(record: Pick<BoardRecord, 'kind' | 'id'>): Promise<void> {
    await this.#queue.remove(nameRecord(record));
  }

  /** Whether the build has a record, and nobody asked to cancel it. */
  async wants(id: string): Promise<boolean> {
    const build = await findJob(this.#queue, nameRecord({ kind: 'build', id }));
    return build !== undefined && !(await this.isCancelled(id));
  }

  /** Asks for the end of a build. A record of its own: who writes the build's at the same moment does not wipe it out. */
  async cancel(id: string): Promise<void> {
    await this.#queue.add('cancel', { kind: 'cancel', id }, { jobId: nameRecord({ kind: 'cancel', id }) });
  }

  async isCancelled(id: string): Promise<boolean> {
    return (await findJob(this.#queue, nameRecord({ kind: 'cancel', id }))) !== undefined;
  }

  /** Has a build no longer cancelled. */
  async forgetCancel(id: string): Promise<void> {
    await this.#queue.remove(nameRecord({ kind: 'cancel', id }));
  }

  /** All builds, the machines that were heard of within a day, and what is neither. */
  async read(): Promise<BoardView> {
    const ids = await this.#queue.getRanges(['waiting'], 0, -1);
    const nowMs = await this.#server.now();
    const view: BoardView = { builds: [], machines: [], strange: [], nowMs };
    const found = await Promise.all(ids.map((id) => this.#readRecord(id)));
    for (const record of found) {
      if (record === undefined) continue;
      if ('why' in record) view.strange.push(record);
      else if (record.kind === 'build') view.builds.push(record);
      else if (record.kind === 'machine' && !(await this.#forget(record, nowMs))) view.machines.push(record);
    }
    const byAge = (a: BoardRecord, b: BoardRecord): number => b.beatMs - a.beatMs;
    view.builds.sort(byAge);
    view.machines.sort(byAge);
    return view;
  }

  /** Removes what is no record. */
  async removeStrange(id: OutsideText): Promise<void> {
    await this.#queue.remove(rawText(id));
  }

  /** One by one: a record that BullMQ cannot parse must not hide the others. */
  async #readRecord(id: string): Promise<z.infer<typeof anyRecord> | StrangeRecord | undefined> {
    const job = await findJob(this.#queue, id);
    if (!job) return undefined;
    if (job === DAMAGED) return describeStrange(id, 'it is not JSON');
    const { success, data, error } = anyRecord.safeParse(job.data);
    if (!success) return describeStrange(id, error.issues[0] ? describeIssue(error.issues[0]) : 'unknown');
    return nameRecord(data) === id ? data : describeStrange(id, 'it names another');
  }

  /** Removes the record of a machine that has been silent for a day; whether it did. */
  async #forget(record: MachineRecord, nowMs: number): Promise<boolean> {
    if (nowMs - record.beatMs <= QUEUE_RECORD_MS) return false;
    await this.remove(record);
    return true;
  }
}

/** Whether who wrote `record` has not said anything for a while at the server's time `nowMs`, or says that it will. */
export function isSilent({ beatMs }: BoardRecord, nowMs: number): boolean {
  return Math.abs(nowMs - beatMs) > QUEUE_SILENT_MS;
}

/** Where a machine stands, as builds tell of it. */
export function describeStanding({ host, threads, running, numbersPerS }: MachineRecord): MachineStanding {
  return { host: toOneLine(host), threads, jobsRunning: running, numbersPerS };
}

function describeStrange(id: string, why: string): StrangeRecord {
  return { id: fromOutside(id), why: fromOutside(why) };
}

function nameRecord({ kind, id }: { kind: BoardRecord['kind'] | 'cancel'; id: string }): string {
  return `${kind}-${id}`;
}
