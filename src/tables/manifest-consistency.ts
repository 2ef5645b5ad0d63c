import { MAX_PLACED_DIGITS } from '../limits.js';
import { splitIntoJobs } from '../range/jobs.js';
import { sizeOf } from '../range/range.js';
import { findSignature } from '../signatures/registry.js';
import { BUILD_FOLDER, MANIFEST_NAME } from './folder-names.js';
import { versionOf } from './manifest-text.js';
import type { Manifest, ManifestBucket, ManifestHead, ManifestShard } from './manifest.js';

const RESERVED_NAMES = [MANIFEST_NAME, BUILD_FOLDER, '.', ''];

/** No file system takes longer names. */
const NAME_MAX_CHARS = 255;

/** A name that stays in its folder on every system, and is not one that sigtables itself uses there. */
export function isPlainFileName(name: string): boolean {
  if (name.length > NAME_MAX_CHARS || /[/\\:\0]|\.\./.test(name)) return false;
  return !RESERVED_NAMES.includes(name.toLowerCase());
}

/** What is wrong with a table set as a whole: no build makes such a one, and reading it might never end. */
export function findHeadContradiction(head: ManifestHead): string | undefined {
  const { range, layout, chunk } = head;
  if (range.start >= range.end) return 'its range is empty';
  if (range.end.toString().length > MAX_PLACED_DIGITS)
    return 'its numbers are longer than any that are built';
  if ((chunk !== undefined) !== (layout === 'job')) return `its chunk does not go with the layout ${layout}`;
  if (chunk === 0n) return 'its jobs have no numbers';
  return findWrongNumbers(head);
}

/** A plug-in may leave numbers out; the built-in signature has a key for each from its first one on. */
function findWrongNumbers({ signature, range, count }: ManifestHead): string | undefined {
  const size = sizeOf(range);
  if (count > size) return 'it has more numbers than its range';
  const known = findSignature(signature.name, signature.version, signature.fileHash);
  if (!known) return undefined;
  if (range.start < known.start)
    return `its range begins below ${known.start}, the first number of its signature`;
  return count < size ? 'it has fewer numbers than its range' : undefined;
}

/** What no single member shows: names used twice, buckets that do not lie in their files, sums that do not add up. */
export function findContradiction(manifest: Manifest): string | undefined {
  if (manifest.shards) return findShardContradiction(manifest, manifest.shards);
  const { layout, files, buckets } = manifest;
  const sizes = new Map<string, bigint>();
  let bytes = 0n;
  for (const file of files) {
    sizes.set(file.file, file.bytes);
    bytes += file.bytes;
  }
  const keys = new Set<string>();
  let count = 0n;
  for (const bucket of buckets) {
    keys.add(bucket.key);
    count += bucket.count;
  }
  if (sizes.size < files.length) return 'it lists a file twice';
  if (keys.size < buckets.length) return 'it lists a bucket twice';
  const wrongHead = findHeadContradiction(manifest);
  if (wrongHead !== undefined) return wrongHead;
  if (bytes !== manifest.bytes) return 'the bytes of its files do not add up';
  const wanted = countFiles(manifest);
  if (wanted !== undefined && BigInt(files.length) !== wanted)
    return `it lists ${files.length} files, and its layout has ${wanted}`;
  if (manifest.bucketList !== undefined) {
    if (!sizes.has(manifest.bucketList.file)) return 'it does not list the file of its buckets';
    if (buckets.length > 0) return 'it lists buckets, and a file of them too';
  } else if (count !== manifest.count) return 'the counts of its buckets do not add up';
  const wrongRemainders = findWrongRemainders(manifest, sizes);
  if (wrongRemainders !== undefined) return wrongRemainders;
  const misplaced = buckets.find((bucket) => !liesInPlace(bucket, layout, sizes));
  return misplaced && `the bucket ${JSON.stringify(misplaced.key)} does not lie in its file`;
}

/** How many files there are; nothing where that depends on the signature. */
function countFiles({
  range,
  layout,
  chunk = range.end,
  bucketList,
  remainders,
}: ManifestHead): bigint | undefined {
  if (layout === 'signature') return undefined;
  const tables = layout === 'job' ? splitIntoJobs(range, chunk).count : 1n;
  return tables + (bucketList ? 1n : 0n) + (remainders ? 1n : 0n);
}

function findWrongRemainders(manifest: Manifest, sizes: ReadonlyMap<string, bigint>): string | undefined {
  const { formatVersion, aggregate, remainders } = manifest;
  if (formatVersion !== versionOf(manifest))
    return remainders
      ? 'it names remainders, which its format does not have'
      : 'its format has remainders, and it names none';
  if (!remainders) return undefined;
  if (aggregate !== 'sum') return 'it names remainders, which sums alone have';
  return sizes.has(remainders.file) ? undefined : 'it does not list the file of its remainders';
}

/** Shards that do not make up the set: one folder twice, gaps, overlaps, sums that do not add up. */
function findShardContradiction(manifest: Manifest, shards: readonly ManifestShard[]): string | undefined {
  const { range, bucketList, remainders, formatVersion } = manifest;
  const wrongHead = findHeadContradiction(manifest);
  if (wrongHead !== undefined) return wrongHead;
  if (shards.length === 0) return 'it lists no shards';
  if (new Set(shards.map(({ folder }) => folder.toLowerCase())).size < shards.length)
    return 'it lists a shard twice';
  if (bucketList !== undefined) return 'it lists shards, and a file of buckets too';
  if (remainders !== undefined || formatVersion !== 1) return 'it lists shards, and a file of remainders too';
  let [end, count, bytes] = [range.start, 0n, 0n];
  for (const shard of shards) {
    if (shard.range.start !== end || shard.range.end <= end)
      return `the range of its shard ${JSON.stringify(shard.folder)} does not begin where the one before ends`;
    if (shard.count > shard.range.end - end)
      return `its shard ${JSON.stringify(shard.folder)} has more numbers than its range`;
    end = shard.range.end;
    count += shard.count;
    bytes += shard.bytes;
  }
  if (end !== range.end) return 'the ranges of its shards do not make up its own';
  if (count !== manifest.count) return 'the counts of its shards do not add up';
  return bytes === manifest.bytes ? undefined : 'the bytes of its shards do not add up';
}

function liesInPlace(
  bucket: ManifestBucket,
  layout: Manifest['layout'],
  sizes: Map<string, bigint>,
): boolean {
  const { file, offset, bytes } = bucket;
  if (layout === 'job') return file === undefined && offset === undefined;
  const size = file === undefined ? undefined : sizes.get(file);
  return size !== undefined && offset !== undefined && offset + bytes <= size;
}
