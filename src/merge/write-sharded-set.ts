import { join } from 'node:path';
import { checkTableFiles, inspectFolder } from '../build/output-folder.js';
import {
  folderHoldsForeignFiles,
  folderHoldsOtherSet,
  mergeOfNothing,
  shardNameUnfit,
  shardsContradict,
  shardsDiffer,
} from '../errors.js';
import { writeFileDurably } from '../tables/durable.js';
import { findContradiction, isPlainFileName } from '../tables/manifest-consistency.js';
import {
  encodeShardedManifest,
  isSharded,
  MANIFEST_NAME,
  manifestPath,
  readChecksum,
  readManifest,
  readManifestText,
  type ManifestHead,
  type ManifestShard,
  type ShardedManifest,
} from '../tables/manifest.js';
import { findDifference, requireFolder } from '../tables/shard-folder.js';
import { compareSources, refuseGaps } from './joint.js';

/** A shard with what its own manifest says. */
interface OpenedShard extends ManifestShard {
  readonly head: ManifestHead;
}

/**
 * Makes one sharded table set of the table sets in folders `names` of `folder`, in any order, by writing its manifest: at once and durably with
 * `sync`; the shards are left as they are. The same shards give the same bytes. Gives the manifest. Throws USAGE for shards
 * that leave a gap, overlap or differ in signature, aggregate, layout or numbers per job, for a name that is no plain folder's, and for a `folder`
 * that holds another table set; TABLES for a shard that is absent, sharded itself, or has lost a file, and
 * for shards that make up no set that can be read; and what the system throws.
 */
export async function writeShardedSet(
  folder: string,
  names: readonly string[],
  { sync }: { readonly sync: boolean },
): Promise<ShardedManifest> {
  if (names.length === 0) throw mergeOfNothing();
  const opened: OpenedShard[] = [];
  for (const name of names) opened.push(await openShard(folder, name));
  const shards = opened.sort(compareSources);
  refuseGaps(shards.map((shard) => ({ range: shard.range, folder: join(folder, shard.folder) })));
  const head = joinHeads(folder, shards);
  await refuseOtherSet(folder);
  const listed = shards.map(({ head: _, ...shard }) => shard);
  const manifest: ShardedManifest = {
    ...head,
    format: 'sigtables',
    formatVersion: 1,
    files: [],
    buckets: [],
    shards: listed,
  };
  const wrong = findContradiction(manifest);
  if (wrong !== undefined) throw shardsContradict(folder, wrong);
  await writeFileDurably(manifestPath(folder), encodeShardedManifest({ ...head, shards: listed }), { sync });
  return manifest;
}

async function openShard(folder: string, name: string): Promise<OpenedShard> {
  if (!isPlainFileName(name)) throw shardNameUnfit(folder, name);
  const path = join(folder, name);
  requireFolder(path);
  const manifest = await readManifest(path);
  await checkTableFiles(path, manifest);
  const { range, count, bytes } = manifest;
  const checksum = readChecksum(readManifestText(path));
  return { folder: name, range, count, bytes, checksum, head: manifest };
}

function joinHeads(folder: string, shards: readonly OpenedShard[]): ManifestHead {
  const [first] = shards;
  const last = shards.at(-1);
  if (!first || !last) throw mergeOfNothing();
  for (const shard of shards) {
    const difference = findDifference(first.head, shard.head);
    if (difference !== undefined)
      throw shardsDiffer(difference, join(folder, first.folder), join(folder, shard.folder));
  }
  const { signature, aggregate, layout, chunk } = first.head;
  return {
    signature,
    ...(aggregate !== undefined && { aggregate }),
    range: { start: first.range.start, end: last.range.end },
    layout,
    ...(chunk !== undefined && { chunk }),
    count: shards.reduce((sum, { count }) => sum + count, 0n),
    bytes: shards.reduce((sum, { bytes }) => sum + bytes, 0n),
  };
}

/** A manifest that lists shards, or that nobody can read, says nothing that is lost. */
async function refuseOtherSet(folder: string): Promise<void> {
  const { names, manifest } = await inspectFolder(folder);
  if (names.includes(MANIFEST_NAME)) throw folderHoldsForeignFiles(folder, MANIFEST_NAME, true);
  if (manifest && manifest !== 'damaged' && !isSharded(manifest)) throw folderHoldsOtherSet(folder, manifest);
}
