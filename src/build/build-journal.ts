import { join } from 'node:path';
import type { Jobs } from '../range/jobs.js';
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

/** What an interrupted build was about, and the table files that it may have made and that its plan does not name. */
export interface JournalPlan {
  readonly header: HeaderRecord;
  readonly names: readonly string[];
}

/** The plan of an interrupted build in `out`, or nothing where no build was interrupted there. */
export async function readJournalPlan(out: string): Promise<JournalPlan | undefined> {
  let header: HeaderRecord | undefined;
  const names: string[] = [];
  await readJournal(journalPath(out), validateRecord, (record) => {
    if (record.type === 'header') header ??= record;
    if (record.type === 'files') for (const name of record.names) names.push(name);
  });
  return header && { header, names };
}

/** What an interrupted build left, as far as it holds. */
export interface Resumed {
  readonly ledger: Ledger;
  readonly journal: Journal;
  /** What heads the journal: of the run that began the build. */
  readonly header: HeaderRecord;
  /** Lines for the user: what of the earlier run could not be used. */
  readonly notices: readonly string[];
}

/** The jobs of a build and the files that they write. */
export interface JobFiles {
  readonly jobs: Jobs;
  readonly fileCount: number;
  /** Whether each file is written by one job alone. */
  readonly ownsFiles: boolean;
  /** The jobs that the ledger calls done and whose files are not what they left; none that has not been looked at on a stop. */
  readonly findLost: (ledger: Ledger) => Promise<readonly number[]>;
}

/**
 * Opens the journal of a build, goes through what an earlier run recorded under the same header, and checks that the
 * files still hold it. What cannot be relied on is done again: a torn record, unsynced data from before a reboot, a
 * file that is gone or changed.
 */
export async function resumeBuild(
  out: string,
  { jobs, fileCount, ownsFiles, findLost }: JobFiles,
  header: HeaderRecord,
  options: { sync: boolean; bootId: string; sources: SourceChecks | undefined },
): Promise<Resumed> {
  const notices: string[] = [];
  let first = header;
  const ledger = new Ledger({ jobs, fileCount, ownsFiles }, options.sources);
  const validate = (value: unknown): JournalRecord => {
    const record = validateRecord(value);
    if (
      record.type === 'checkpoint' &&
      record.unsyncedBoot !== undefined &&
      record.unsyncedBoot !== options.bootId
    ) {
      throw new Error('written before a reboot, and never synced');
    }
    if (record.type === 'header') first = record;
    applyRecord(ledger, record);
    return record;
  };
  const extent = await readJournal(journalPath(out), validate, () => undefined);
  if (extent.tailDiscarded)
    notices.push('the end of the journal was torn or unsynced; what it recorded is done again');
  const journal = await openJournal(journalPath(out), { goodBytes: extent.goodBytes, sync: options.sync });
  try {
    if (extent.records === 0) await journal.append(header);
    const lost = await findLost(ledger);
    if (lost.length > 0) {
      notices.push(`${lost.length} finished jobs are done again: what they read or wrote is gone or changed`);
      await discardJobs({ ledger, journal }, lost);
    }
  } catch (error) {
    await journal.close();
    throw error;
  }
  return { ledger, journal, header: first, notices };
}

/** Makes `jobs` undone, in the journal too. */
export async function discardJobs(
  { ledger, journal }: Pick<Resumed, 'ledger' | 'journal'>,
  jobs: readonly number[],
): Promise<void> {
  const record = { type: 'discard', jobs: jobs.map((job) => [job, job + 1] as const) } as const;
  applyRecord(ledger, record);
  await journal.append(record);
}

/** The jobs that are done, ascending. */
export function listDoneJobs(ledger: Ledger): number[] {
  const jobs = Array.from({ length: ledger.jobCount }, (_, job) => job);
  return jobs.filter((job) => ledger.isDone(job));
}

function applyRecord(ledger: Ledger, record: JournalRecord): void {
  if (record.type === 'checkpoint') ledger.restore(record);
  if (record.type === 'discard') {
    for (const [from, to] of record.jobs) for (let job = from; job < to; job++) ledger.forget(job);
  }
}
