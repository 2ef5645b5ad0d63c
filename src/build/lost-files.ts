import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Layout } from '../layouts/layout.js';
import { listDoneJobs } from './build-journal.js';
import type { Ledger } from './ledger.js';

/**
 * Finished jobs whose table files are gone or have another size, or that read a damaged file: all of them where files are
 * shared, or read by a merge, and one is.
 */
export async function findLostFiles(out: string, layout: Layout, ledger: Ledger): Promise<readonly number[]> {
  const done = listDoneJobs(ledger);
  if (done.length === 0) return [];
  if (ledger.sources?.findAnyDamaged(false) !== undefined) return done;
  if (layout.ownsFiles) {
    const lost: number[] = [];
    for (const job of done)
      if (!(await hasSize(join(out, layout.fileName(job)), ledger.bytesOf(job)))) lost.push(job);
    return ledger.sources && lost.length > 0 ? done : lost;
  }
  const { fileBytes } = layout.placementFor(0);
  for (let file = 0; file < layout.fileCount; file++) {
    if (ledger.crcs[file] === 0) continue;
    if (!(await hasSize(join(out, layout.fileName(file)), fileBytes[file] ?? 0))) return done;
  }
  return [];
}

/** Whether a file stands at `path` and has so many bytes. */
export async function hasSize(path: string, bytes: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true && found.size === bytes;
}
