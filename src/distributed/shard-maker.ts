import { lstat, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { journalPath } from '../build/build-journal.js';
import type { HeaderRecord } from '../build/journal-records.js';
import type { PlanFacts } from '../build/options.js';
import { nameTableOf } from '../build/spooled-names.js';
import { identifyPlan } from '../build/plan.js';
import type { Made, TableMaker } from '../build/table-maker.js';
import { queueShardsTooMany } from '../errors.js';
import { QUEUE_SHARDS_MAX } from '../limits.js';
import { writeShardedSet } from '../merge/write-sharded-set.js';
import { syncFolder } from '../tables/durable.js';
import { openJournal } from '../tables/journal.js';
import type { Coordination } from './coordination.js';
import { gatherSets } from './gather-sets.js';
import type { QueuedBuildOptions } from './options.js';
import { setFolderOf } from './set-folder.js';
import type { OpenCoordination } from './set-maker.js';
import { findShardedSet, measureShards } from './sharded-result.js';

/** What tells such a build from others: their journals do not go together. */
const ORIGIN = 'queue-shards';

/**
 * Each job yields a table set, and these stay as the shards of a sharded one. Throws USAGE where they would be too many.
 */
export function makeThroughShards(
  options: QueuedBuildOptions,
  plan: PlanFacts,
  open: OpenCoordination,
): TableMaker {
  if (plan.jobs > QUEUE_SHARDS_MAX) throw queueShardsTooMany(plan.jobs, QUEUE_SHARDS_MAX);
  const { out } = options;
  const { start, end } = plan.range;
  return {
    plan,
    identity: identifyPlan(plan, ORIGIN),
    purpose: `build --no-merge --range ${start}..${end}`,
    listNames: () => listShardNames(plan),
    findBuilt: () => findShardedSet(out, plan),
    make: async (header) => {
      const coordination = await open(header);
      const gathered = await gatherSets(options, plan, coordination, {
        layout: plan.layout,
        placeOf: (job) => findPlace(out, plan, coordination, job),
      });
      return gathered ?? placeShards(options, plan, coordination, header);
    },
  };
}

/** By their ranges, padded like the names of tables: in order, and of no other build by chance. */
function nameShard(plan: PlanFacts, job: number): string {
  return `shard-${nameTableOf(plan, job).replace(/\.json$/, '')}`;
}

function* listShardNames(plan: PlanFacts): Generator<string> {
  for (let job = 0; job < Number(plan.jobs); job++) yield nameShard(plan, job);
}

/** An earlier run may have been cut off while it moved them. */
async function findPlace(
  out: string,
  plan: PlanFacts,
  { folder }: Coordination,
  job: number,
): Promise<string> {
  const yielded = setFolderOf(folder, job);
  return (await isFolder(yielded)) ? yielded : join(out, nameShard(plan, job));
}

async function isFolder(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isDirectory() === true;
}

async function placeShards(
  { out, sync, onEvent }: QueuedBuildOptions,
  plan: PlanFacts,
  { folder }: Coordination,
  header: HeaderRecord,
): Promise<Made> {
  onEvent?.({ type: 'committing' });
  const names = [...listShardNames(plan)];
  await recordNames(out, sync, header, names);
  for (const [job, name] of names.entries()) {
    const yielded = setFolderOf(folder, job);
    if (await isFolder(yielded)) await rename(yielded, join(out, name));
  }
  if (sync) await syncFolder(out);
  const manifest = await writeShardedSet(out, names, { sync });
  const sizes = await measureShards(out, manifest, plan);
  return {
    outcome: 'built',
    plan: sizes,
    shards: names.length,
    numbersWritten: plan.numbers,
    bytesWritten: sizes.bytes,
  };
}

/** Whoever finds this cut off knows by it whose the folders are. */
async function recordNames(
  out: string,
  sync: boolean,
  header: HeaderRecord,
  names: readonly string[],
): Promise<void> {
  const journal = await openJournal(journalPath(out), { goodBytes: 0, sync });
  try {
    await journal.append(header);
    await journal.append({ type: 'files', names });
  } finally {
    await journal.close();
  }
}
