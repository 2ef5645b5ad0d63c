import { join, resolve } from 'node:path';
import { forEachAtOnce } from '../build/at-once.js';
import { spoolFolderOf } from '../build/commit.js';
import { countHoldableFiles } from '../build/descriptor-limit.js';
import { JobError } from '../build/job-runner.js';
import type { Ledger } from '../build/ledger.js';
import { listSpoolFiles } from '../build/spool-threads.js';
import type { SpooledBuild } from '../build/spooled-build.js';
import { nameTableOf } from '../build/spooled-names.js';
import { SYNCS_AT_ONCE } from '../limits.js';
import { startWorkerPool, type WorkerPool } from '../pool/job-pool.js';
import type { SpoolCopyJob, TabulateOutcome, TabulateRecipe, TabulateTask } from '../pool/messages.js';
import { jobsOfGroup } from '../spool/job-cells.js';
import type { SpoolFile } from '../spool/spool-files.js';
import { syncFile, syncFolder } from '../tables/durable.js';
import type { ManifestFile } from '../tables/manifest.js';

/** The tables of a layout `job`, and the spool files that tell of their buckets. */
export interface Tabulated {
  readonly tables: readonly ManifestFile[];
  readonly spoolFiles: readonly SpoolFile[];
}

/**
 * Makes the table files of all jobs from what is spooled of the sources; nothing where it was stopped before. Nothing of it is recorded: the
 * next run does it anew. Throws JobErrors, what a worker died of, and what the system throws.
 */
export async function tabulateJobs(
  build: SpooledBuild,
  ledger: Ledger,
  jobs: readonly SpoolCopyJob[],
): Promise<Tabulated | undefined> {
  const { options, plan, partitions } = build;
  const { signal, onEvent = () => undefined } = options;
  const spooled = listSpoolFiles(build, ledger);
  const ofTables = spooled.filter((_, job) => !('ofBuckets' in jobs[job]!));
  const ofBuckets = spooled.filter((_, job) => 'ofBuckets' in jobs[job]!);
  const outcomes: Extract<TabulateOutcome, { ok: true }>[] = [];
  const threads = Math.min(options.cpus, partitions);
  const pool = startPool(build, ofTables, threads);
  const endWorkers = (): void => void pool.destroy();
  signal?.addEventListener('abort', endWorkers, { once: true });
  try {
    const groups = Array.from({ length: partitions }, (_, group) => group);
    let done = 0;
    await forEachAtOnce(groups, threads, async (group) => {
      if (signal?.aborted === true) return;
      const outcome = await pool.run({ group, spoolJob: jobs.length + group });
      if (!outcome.ok) throw new JobError(outcome.failure);
      outcomes[group] = outcome;
      onEvent({ type: 'placing', done: ++done, steps: 2 * partitions });
    });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  } finally {
    signal?.removeEventListener('abort', endWorkers);
    await pool.destroy();
  }
  if (signal?.aborted === true) return undefined;
  const tables = [...listTables(build, outcomes)];
  if (options.sync) await syncTables(options.out, tables);
  return {
    tables,
    spoolFiles: [...ofBuckets, ...outcomes.map((outcome) => outcome.spooled)],
  };

  function* listTables(
    { plan: { jobs: jobCount } }: SpooledBuild,
    groups: typeof outcomes,
  ): Generator<ManifestFile> {
    for (const [group, { bytes, crcs }] of groups.entries()) {
      const { from } = jobsOfGroup(group, Number(jobCount), partitions);
      for (const [i, size] of bytes.entries())
        yield { file: nameTableOf(plan, from + i), bytes: BigInt(size), crc32: crcs[i] ?? 0 };
    }
  }
}

function startPool(
  { options, plan, partitions, budgetBytes, nameDigits }: SpooledBuild,
  files: readonly SpoolFile[],
  threads: number,
): WorkerPool<TabulateTask, TabulateOutcome> {
  const { range, chunk, aggregate } = plan;
  const recipe: TabulateRecipe = {
    files,
    partitions,
    mayHold: Math.max(1, Math.floor((countHoldableFiles(options.cpus) >> 1) / threads)),
    aggregate,
    budgetBytes,
    range,
    chunk,
    folder: resolve(options.out),
    spoolFolder: resolve(spoolFolderOf(options.out)),
    nameDigits,
  };
  return startWorkerPool('run-tabulate', recipe, threads, { maxMemoryBytes: options.maxMemoryBytes });
}

async function syncTables(out: string, tables: readonly ManifestFile[]): Promise<void> {
  await forEachAtOnce(tables, SYNCS_AT_ONCE, ({ file }) => syncFile(join(out, file)));
  await syncFolder(out);
}
