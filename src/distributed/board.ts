import { z } from 'zod';
import type { Queue } from 'bullmq';
import type { MachineStanding } from '../build/options.js';
import { LAYOUT_NAMES } from '../layouts/layout-name.js';
import { QUEUE_RECORD_MS, QUEUE_SILENT_MS } from '../limits.js';
import { buildId } from './job-data.js';

// Builds and machines say that they are there by a job each in a queue of its own that nobody takes jobs from.

const text = z.string().max(1000);
const count = z.number().int().min(0);

/** What a build says of itself. */
export const buildRecord = z.strictObject({
  kind: z.literal('build'),
  id: buildId,
  host: text,
  pid: count,
  state: z.enum(['running', 'stopped']),
  out: text,
  signature: text,
  aggregate: text,
  layout: z.enum(LAYOUT_NAMES),
  start: z.string().max(10_000),
  end: z.string().max(10_000),
  jobs: count,
  done: count,
  /** How often jobs failed or lost their worker, and were tried again. */
  again: count,
  beatMs: count,
});

export type BuildRecord = z.infer<typeof buildRecord>;

/** What a worker says of itself. */
export const machineRecord = z.strictObject({
  kind: z.literal('machine'),
  id: z.uuid(),
  host: text,
  pid: count,
  threads: count,
  running: count,
  /** Since it started. */
  jobs: count,
  failures: count,
  numbers: z.string().max(400),
  /** Of the last seconds; absent before its first job. */
  numbersPerS: z.number().min(0).optional(),
  beatMs: count,
});

export type MachineRecord = z.infer<typeof machineRecord>;

type BoardRecord = BuildRecord | MachineRecord;

/** The records of builds and machines on a queue's server. */
export class Board {
  readonly #queue: Queue;

  constructor(queue: Queue) {
    this.#queue = queue;
  }

  /** Writes a record, or writes it anew. Rejects where the server does not answer. */
  async post(record: BoardRecord): Promise<void> {
    const jobId = nameRecord(record);
    const known = await this.#queue.getJob(jobId);
    if (known) await known.updateData(record);
    else await this.#queue.add(record.kind, record, { jobId });
  }

  async remove(record: Pick<BoardRecord, 'kind' | 'id'>): Promise<void> {
    await this.#queue.remove(nameRecord(record));
  }

  /** Whether the build has a record, and nobody asked to cancel it. */
  async wants(id: string): Promise<boolean> {
    const build = await this.#queue.getJob(nameRecord({ kind: 'build', id }));
    return build !== undefined && !(await this.isCancelled(id));
  }

  /** Asks for the end of a build. A record of its own: who writes the build's at the same moment does not wipe it out. */
  async cancel(id: string): Promise<void> {
    await this.#queue.add('cancel', { kind: 'cancel', id }, { jobId: nameRecord({ kind: 'cancel', id }) });
  }

  async isCancelled(id: string): Promise<boolean> {
    return (await this.#queue.getJob(nameRecord({ kind: 'cancel', id }))) !== undefined;
  }

  /** Has a build no longer cancelled. */
  async forgetCancel(id: string): Promise<void> {
    await this.#queue.remove(nameRecord({ kind: 'cancel', id }));
  }

  /** All builds, and the machines that were heard of within a day. */
  async read(): Promise<{ builds: BuildRecord[]; machines: MachineRecord[] }> {
    const jobs = await this.#queue.getJobs(['waiting']);
    const data = jobs.map((job) => job.data as unknown);
    const builds = data.flatMap((value) => buildRecord.safeParse(value).data ?? []);
    const machines = data.flatMap((value) => machineRecord.safeParse(value).data ?? []);
    const byAge = (a: BoardRecord, b: BoardRecord): number => b.beatMs - a.beatMs;
    return { builds: builds.sort(byAge), machines: await this.#forget(machines.sort(byAge)) };
  }

  /** Without the machines that have been silent for a day; their records go. */
  async #forget(machines: readonly MachineRecord[]): Promise<MachineRecord[]> {
    const isOld = (record: MachineRecord): boolean => Date.now() - record.beatMs > QUEUE_RECORD_MS;
    for (const record of machines.filter(isOld)) await this.remove(record);
    return machines.filter((record) => !isOld(record));
  }
}

/** Whether who wrote `record` has not said anything for a while; clocks of machines differ a little. */
export function isSilent({ beatMs }: BoardRecord): boolean {
  return Date.now() - beatMs > QUEUE_SILENT_MS;
}

/** Where a machine stands, as builds tell of it. */
export function describeStanding({ host, threads, running, numbersPerS }: MachineRecord): MachineStanding {
  return { host, threads, jobsRunning: running, numbersPerS };
}

function nameRecord({ kind, id }: { kind: BoardRecord['kind'] | 'cancel'; id: string }): string {
  return `${kind}-${id}`;
}
