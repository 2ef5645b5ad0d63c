import { isDeepStrictEqual } from 'node:util';
import { LIST } from '../aggregates/open-aggregate.js';
import type { PlanFacts, SizedPlan } from '../build/options.js';
import { checkTableFiles, inspectFolder } from '../build/output-folder.js';
import { isSharded, type Manifest, type ShardedManifest } from '../tables/manifest.js';
import { openTables } from '../tables/reader.js';
import { readShardManifest } from '../tables/shard-folder.js';
import { join } from 'node:path';

/** The sharded table set that `plan` would leave, where it is there already. Throws TABLES where a shard of it is damaged. */
export async function findShardedSet(out: string, plan: PlanFacts): Promise<SizedPlan | undefined> {
  const { manifest } = await inspectFolder(out);
  if (!manifest || manifest === 'damaged' || !isSharded(manifest) || !holds(manifest, plan)) return undefined;
  return measureShards(out, manifest, plan);
}

function holds({ signature, aggregate = LIST, range, layout, chunk }: Manifest, plan: PlanFacts): boolean {
  return (
    isDeepStrictEqual(signature, plan.signature) &&
    aggregate === plan.aggregate &&
    isDeepStrictEqual(range, plan.range) &&
    layout === plan.layout &&
    (layout !== 'job' || chunk === plan.chunk)
  );
}

/** `plan` with the sizes of the sharded table set that it became. Throws TABLES where a shard is gone, or another, or has lost a file. */
export async function measureShards(out: string, set: ShardedManifest, plan: PlanFacts): Promise<SizedPlan> {
  let files = 0n;
  for (const shard of set.shards) {
    const manifest = await readShardManifest(out, set, shard);
    await checkTableFiles(join(out, shard.folder), manifest);
    files += BigInt(manifest.files.length);
  }
  return { ...plan, signatures: plan.signatures ?? (await countSignatures(out)), files, bytes: set.bytes };
}

async function countSignatures(out: string): Promise<bigint> {
  const tables = await openTables(out);
  try {
    return BigInt(tables.signatures().length);
  } finally {
    tables.close();
  }
}
