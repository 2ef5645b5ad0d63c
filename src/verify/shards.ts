import { join } from 'node:path';
import { forEachAtOnce } from '../build/at-once.js';
import { SigtablesError, verifyNeedsSignature } from '../errors.js';
import {
  MANIFEST_NAME,
  manifestPath,
  type Manifest,
  type ManifestShard,
  type ShardedManifest,
} from '../tables/manifest.js';
import { readShardManifest } from '../tables/shard-folder.js';
import { checkSet, listUnnamed, tellUnnamed } from './check-set.js';
import type { CheckPool } from './file-check.js';
import type { TableFault, VerifyOptions, CheckResult } from './options.js';
import { ShardProgress } from './shard-progress.js';
import { describeSet, requireSameSignature } from './table-set.js';

/** What came out of a shard; where its manifest is not what it must be, that is all that can be said of it. */
type ShardReport = { readonly result: CheckResult } | { readonly fault: TableFault };

/**
 * Checks the shards of the sharded table set in `options.folder`, several at once, and with `repair` mends those that can be, one after the other. A
 * shard whose manifest is absent, damaged or another one is a fault of that file. Throws as `verify` does.
 */
export async function checkShards(
  pool: CheckPool,
  options: VerifyOptions,
  set: ShardedManifest,
): Promise<CheckResult> {
  const { folder, cpus, repair, plugIn, signal, onEvent = () => undefined } = options;
  if (plugIn) requireSameSignature(folder, set, plugIn);
  if (repair && !describeSet(folder, set).isKnown) throw verifyNeedsSignature(folder, set);
  const progress = new ShardProgress(set, options);
  const reports = new Map<ManifestShard, ShardReport>();
  await forEachAtOnce(set.shards, repair ? 1 : cpus, async (shard) => {
    if (signal?.aborted === true) return;
    const report = await checkShard(pool, { ...options, onEvent: progress.watch(shard) }, set, shard);
    reports.set(shard, report);
    progress.end(shard);
  });
  const unnamed = await listUnnamed(
    folder,
    set.shards.map((shard) => shard.folder),
  );
  tellUnnamed(folder, unnamed, onEvent);
  return { ...joinReports(set, reports, options), unnamed };
}

async function checkShard(
  pool: CheckPool,
  options: VerifyOptions,
  set: ShardedManifest,
  shard: ManifestShard,
): Promise<ShardReport> {
  const folder = join(options.folder, shard.folder);
  const read = (): Promise<Manifest> => readShardManifest(options.folder, set, shard);
  try {
    return { result: await checkSet(pool, { ...options, folder }, await read(), read) };
  } catch (error) {
    if (!(error instanceof SigtablesError) || error.code !== 'TABLES') throw error;
    // The path stands before every fault.
    const what = error.message.replace(`${manifestPath(folder)} `, '');
    return { fault: { file: `${shard.folder}/${MANIFEST_NAME}`, what } };
  }
}

function joinReports(
  set: ShardedManifest,
  reports: ReadonlyMap<ManifestShard, ShardReport>,
  { folder, deep }: VerifyOptions,
): Omit<CheckResult, 'unnamed'> {
  const known = set.shards.map((shard) => ({ shard, report: reports.get(shard) }));
  const lost = known.flatMap(({ report }) => (report && 'fault' in report ? [report.fault] : []));
  const results = known.flatMap(({ shard, report }) =>
    report && 'result' in report ? [{ shard, ...report.result }] : [],
  );
  const isMended = results.some(({ outcome }) => outcome === 'repaired');
  const isDamaged = lost.length > 0 || results.some(({ outcome }) => outcome === 'damaged');
  // Where something is left to mend, what has been mended is no longer of interest.
  const told = results.filter(({ outcome }) => !isDamaged || outcome !== 'repaired');
  return {
    outcome:
      results.some(({ outcome }) => outcome === 'interrupted') || reports.size < set.shards.length
        ? 'interrupted'
        : isDamaged
          ? 'damaged'
          : isMended
            ? 'repaired'
            : 'sound',
    folder,
    deep,
    ...(deep && { keysChecked: results.every(({ keysChecked }) => keysChecked === true) }),
    shards: set.shards.length,
    numbers: set.count,
    files: results.reduce((sum, { files }) => sum + files, lost.length),
    bytes: set.bytes,
    faults: [...lost, ...told.flatMap(listFaults)],
    isRepairable: lost.length === 0 && results.every(({ isRepairable }) => isRepairable),
  };
}

function listFaults({ shard, faults }: { shard: ManifestShard } & CheckResult): TableFault[] {
  return faults.map((fault) => ({ ...fault, file: `${shard.folder}/${fault.file}` }));
}
