import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Layout } from '../layouts/layout.js';
import { openJournal, readJournal, type Journal } from '../tables/journal.js';
import { identifyProcess } from '../tables/process-identity.js';
import { validateRecord, type HeaderRecord, type JournalRecord } from './journal-records.js';
import { Ledger } from './ledger.js';
import { buildFolderOf } from './output-folder.js';
import type { SourceChecks } from './source-checks.js';

const JOURNAL_NAME = 'journal';

/** Where the journal of a build in `out` stands. */
export function journalPath(out: string): string {
  return join(buildFolderOf(out), JOURNAL_NAME);
}

/** The boot that this process runs in; a constant where the system does not say. */
export async function readBootId(): Promise<string> {
  return (await identifyProcess()).bootId ?? 'unknown';
}

/** The header of an interrupted build's journal in `out`, or nothing where no build was interrupted there. */
export async function readJournalHeader(out: string): Promise<HeaderRecord | undefined> {
  let header: HeaderRecord | undefined;
  await readJournal(journalPath(out), validateRecord, (record) => {
    if (record.type === 'header') header ??= record;
  });
  return header;
}

/** What an interrupted build left, as far as it holds. */
export interface Resumed {
  readonly ledger: Ledger;
  readonly journal: Journal;
  /** Lines for the user: what of the earlier run could not be used. */
  readonly notices: readonly string[];
}

/**
 * Opens the journal of a build, goes through what an earlier run recorded under the same header, and checks that the
 * files are still there. What cannot be relied on is done again: a torn record, unsynced data from before a reboot, a
 * file that is gone or has another size.
 */
export async function resumeBuild(
  out: string,
  layout: Layout,
  header: HeaderRecord,
  options: { sync: boolean; bootId: string; sources: SourceChecks | undefined },
): Promise<Resumed> {
  const notices: string[] = [];
  const ledger = new Ledger(layout.jobs, layout.fileCount, options.sources);
  const validate = (value: unknown): JournalRecord => {
    const record = validateRecord(value);
    if (
      record.type === 'checkpoint' &&
      record.unsyncedBoot !== undefined &&
      record.unsyncedBoot !== options.bootId
    ) {
      throw new Error('written before a reboot, and never synced');
    }
    applyRecord(ledger, layout, record);
    return record;
  };
  const extent = await readJournal(journalPath(out), validate, () => undefined);
  if (extent.tailDiscarded)
    notices.push('the end of the journal was torn or unsynced; what it recorded is done again');
  const journal = await openJournal(journalPath(out), { goodBytes: extent.goodBytes, sync: options.sync });
  try {
    if (extent.records === 0) await journal.append(header);
    const lost = await findLostJobs(out, layout, ledger);
    if (lost.length > 0) {
      notices.push(`${lost.length} finished jobs are done again: what they read or wrote is gone or changed`);
      await discardJobs({ ledger, journal }, layout, lost);
    }
  } catch (error) {
    await journal.close();
    throw error;
  }
  return { ledger, journal, notices };
}

/** Makes `jobs` undone, in the journal too. */
export async function discardJobs(
  { ledger, journal }: Pick<Resumed, 'ledger' | 'journal'>,
  layout: Layout,
  jobs: readonly number[],
): Promise<void> {
  const record = { type: 'discard', jobs: jobs.map((job) => [job, job + 1] as const) } as const;
  applyRecord(ledger, layout, record);
  await journal.append(record);
}

/** The jobs that are done, ascending. */
export function listDoneJobs(layout: Layout, ledger: Ledger): number[] {
  const jobs = Array.from({ length: Number(layout.jobs.count) }, (_, job) => job);
  return jobs.filter((job) => ledger.isDone(job));
}

function applyRecord(ledger: Ledger, layout: Layout, record: JournalRecord): void {
  if (record.type === 'checkpoint') ledger.restore(record);
  if (record.type === 'discard') {
    for (const [from, to] of record.jobs)
      for (let job = from; job < to; job++) ledger.forget(job, layout.ownsFiles);
  }
}

/**
 * Finished jobs whose files are gone or have another size, or that read a damaged file: all of them where files are
 * shared, or read by a merge, and one is.
 */
async function findLostJobs(out: string, layout: Layout, ledger: Ledger): Promise<number[]> {
  const done = listDoneJobs(layout, ledger);
  if (done.length === 0) return [];
  if (ledger.sources?.findAnyDamaged(false) !== undefined) return done;
  if (layout.ownsFiles) {
    const lost: number[] = [];
    for (const job of done)
      if (!(await hasSize(out, layout.fileName(job), ledger.bytesOf(job)))) lost.push(job);
    return ledger.sources && lost.length > 0 ? done : lost;
  }
  const { fileBytes } = layout.placementFor(0);
  for (let file = 0; file < layout.fileCount; file++) {
    if (ledger.crcs[file] === 0) continue;
    if (!(await hasSize(out, layout.fileName(file), fileBytes[file] ?? 0))) return done;
  }
  return [];
}

async function hasSize(out: string, name: string, bytes: number): Promise<boolean> {
  const found = await stat(join(out, name)).catch(() => undefined);
  return found?.isFile() === true && found.size === bytes;
}
