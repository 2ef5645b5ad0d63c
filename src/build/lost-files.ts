import { join } from 'node:path';
import type { Layout } from '../layouts/layout.js';
import { FILES_CHECKED_AT_ONCE, SAID_CHECK_BYTES } from '../limits.js';
import type { ClosedForm } from '../signatures/signature.js';
import { forEachAtOnce } from './at-once.js';
import { listDoneJobs } from './build-journal.js';
import { holdsBytes, listDoneStretches } from './done-bytes.js';
import { joinJobs, type Ledger } from './ledger.js';
import type { RunOptions } from './options.js';

/**
 * Finished jobs whose table files are not what they wrote, or that read a damaged file: all of them where files are shared, or
 * read by a merge, and one is. What is done is read back: no other sign tells of a change that keeps the size, and a killed run
 * leaves files with times of any kind. A stop ends the reading; nothing more is done then.
 */
export async function findLostFiles(
  options: RunOptions,
  closedForm: ClosedForm,
  layout: Layout,
  ledger: Ledger,
): Promise<readonly number[]> {
  const done = listDoneJobs(ledger);
  if (done.length === 0) return [];
  if (ledger.sources?.findAnyDamaged(false) !== undefined) return done;
  if (layout.ownsFiles) {
    const lost = await findLostTables(options, ledger, (job) => layout.fileName(job));
    return ledger.sources && lost.length > 0 ? done : lost;
  }
  const { fileBytes } = layout.placementFor(0);
  const stretches = [...listDoneStretches(closedForm, layout, joinJobs(done))];
  const changed = await filterAbsent(options, ledger, stretches, ([file, written]) => {
    const path = join(options.out, layout.fileName(file));
    return holdsBytes(path, fileBytes[file] ?? 0, written, ledger.crcs[file] ?? 0);
  });
  return changed.length > 0 ? done : [];
}

/** Finished jobs whose own table files are not what they wrote. */
export async function findLostTables(
  options: RunOptions,
  ledger: Ledger,
  nameOf: (job: number) => string,
): Promise<readonly number[]> {
  return filterAbsent(options, ledger, listDoneJobs(ledger), (job) => {
    const bytes = ledger.bytesOf(job);
    const path = join(options.out, nameOf(job));
    return holdsBytes(path, bytes, [{ from: 0, to: bytes }], ledger.crcs[job] ?? 0);
  });
}

/** Those of `things` that are not there, as far as they have been looked at when the build is to stop. */
async function filterAbsent<T>(
  { signal, onEvent }: RunOptions,
  { bytesDone }: Ledger,
  things: readonly T[],
  isThere: (thing: T) => Promise<boolean>,
): Promise<readonly T[]> {
  if (bytesDone >= SAID_CHECK_BYTES) onEvent?.({ type: 'notice', message: 'reading back what is done' });
  const absent: T[] = [];
  await forEachAtOnce(things, FILES_CHECKED_AT_ONCE, async (thing) => {
    if (signal?.aborted !== true && !(await isThere(thing))) absent.push(thing);
  });
  return absent;
}
