import { rm } from 'node:fs/promises';
import { partitionsFor } from '../buckets/grouping-limits.js';
import { makeFolder } from '../tables/durable.js';
import { readBootId, readJournalPlan, resumeBuild, type JobFiles, type Resumed } from './build-journal.js';
import { spoolFolderOf } from './commit.js';
import type { HeaderRecord } from './journal-records.js';
import { shareMemory } from '../pool/memory-budget.js';
import type { PlanFacts, RunOptions } from './options.js';
import { countNameDigits } from './plan.js';
import type { SpooledBuild } from './spooled-build.js';

/** A spool that jobs write to, and what an earlier run left in it. */
export interface OpenedSpool {
  /** Without a plug-in. */
  readonly build: SpooledBuild;
  readonly resumed: Resumed;
  readonly bootId: string;
  /** The table files that an earlier run may have made. */
  readonly ownNames: ReadonlySet<string>;
}

/** Opens the spool and the journal of what is to be made in `out`; whoever calls it closes the journal. Throws what the system throws. */
export async function openSpool(
  options: RunOptions,
  plan: PlanFacts,
  header: HeaderRecord,
  files: JobFiles,
): Promise<OpenedSpool> {
  const { out, sync, cpus } = options;
  const workerBytes = shareMemory(options.maxMemoryBytes, cpus);
  const wanted = { ...header, partitions: partitionsFor(plan.numbers, workerBytes) };
  const earlier = await readJournalPlan(out);
  if (!earlier) await rm(spoolFolderOf(out), { recursive: true, force: true });
  await makeFolder(spoolFolderOf(out));
  const bootId = await readBootId();
  const resumed = await resumeBuild(out, files, wanted, { sync, bootId, sources: undefined });
  const build = {
    options,
    plan,
    source: undefined,
    aggregates: {},
    nameDigits: countNameDigits(plan),
    partitions: resumed.header.partitions ?? 1,
    budgetBytes: workerBytes,
  };
  return { build, resumed, bootId, ownNames: new Set(earlier?.names) };
}
