import { lstatSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { manifestUnreadable, noTableSet, shardDiffers } from '../errors.js';
import { viewManifest, type ManifestView } from './manifest-view.js';
import {
  isSharded,
  manifestPath,
  parseManifestText,
  readChecksum,
  readManifestText,
  type Manifest,
  type ManifestHead,
  type ManifestShard,
  type ShardedManifest,
} from './manifest.js';

/**
 * Opens the manifest of a shard of the sharded table set in `folder`. Throws TABLES where the shard's folder is gone or a link, where its
 * manifest is absent or damaged, and where it is not the one that `set` names.
 */
export function openShard(folder: string, set: ShardedManifest, shard: ManifestShard): ManifestView {
  const { path, text } = readShardText(folder, shard);
  const view = viewManifest(path, text);
  requireAgreement(path, set, shard, view.head);
  return view;
}

/** The whole manifest of a shard; throws as `openShard` does. */
export async function readShardManifest(
  folder: string,
  set: ShardedManifest,
  shard: ManifestShard,
): Promise<Manifest> {
  const { path, text } = readShardText(folder, shard);
  const manifest = await parseManifestText(path, text);
  if (isSharded(manifest)) throw shardDiffers(path, 'it has shards of its own');
  requireAgreement(path, set, shard, manifest);
  return manifest;
}

function readShardText(folder: string, shard: ManifestShard): { path: string; text: Buffer } {
  const shardFolder = join(folder, shard.folder);
  requireFolder(shardFolder);
  const path = manifestPath(shardFolder);
  const text = readManifestText(shardFolder);
  if (readChecksum(text) !== shard.checksum) throw shardDiffers(path, 'its checksum is another one');
  return { path, text };
}

/** Throws TABLES unless a folder is at `path`, and no link to one, which would lead out of the sharded set. */
export function requireFolder(path: string): void {
  const stats = lookAt(path);
  if (!stats) throw noTableSet(path);
  if (!stats.isDirectory()) throw shardDiffers(path, 'it is no folder');
}

function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw manifestUnreadable(path, error as Error);
  }
}

/** The checksum is right, so this is what who wrote the set's manifest has seen; but who that was may not have looked. */
function requireAgreement(path: string, set: ManifestHead, shard: ManifestShard, head: ManifestHead): void {
  const difference = isDeepStrictEqual(head.range, shard.range)
    ? (findDifference(set, head) ?? findWrongSum(shard, head))
    : 'range';
  if (difference !== undefined) throw shardDiffers(path, `its ${difference} is another one`);
}

function findWrongSum({ count, bytes }: ManifestShard, head: ManifestHead): string | undefined {
  return count !== head.count ? 'count' : bytes !== head.bytes ? 'size' : undefined;
}

/** In what two table sets differ that could be shards of one; nothing where they could. */
export function findDifference(one: ManifestHead, other: ManifestHead): string | undefined {
  if (!isDeepStrictEqual(one.signature, other.signature)) return 'signature';
  if (one.aggregate !== other.aggregate) return 'aggregate';
  if (one.layout !== other.layout) return 'layout';
  return one.chunk === other.chunk ? undefined : 'number of numbers per job';
}
