import { createHash } from 'node:crypto';
import type {
  ManifestBucket,
  ManifestFile,
  ManifestHead,
  ManifestParts,
  ManifestShard,
  ShardedManifestParts,
} from './manifest.js';

/** The highest version of the format that is read. */
export const FORMAT_VERSION = 2;

/** The text of a manifest in pieces, each of them a few lines at most: equal parts give equal text. */
export function encodeManifest(parts: ManifestParts): Generator<string> {
  return seal(encodeBody(parts));
}

/** The same of a sharded table set, whose manifest lists shards in place of files and buckets. */
export function encodeShardedManifest(parts: ShardedManifestParts): Generator<string> {
  return seal(encodeShardedBody(parts));
}

function* seal(body: Iterable<string>): Generator<string> {
  const hash = createHash('sha256');
  for (const piece of body) {
    hash.update(piece);
    yield piece;
  }
  yield encodeTail(hash.digest('hex'));
}

function* encodeShardedBody(parts: ShardedManifestParts): Generator<string> {
  yield* encodeHead(parts);
  yield* encodeList('shards', parts.shards, encodeShard);
}

function* encodeBody(parts: ManifestParts): Generator<string> {
  yield* encodeHead(parts);
  yield* encodeList('files', parts.files, encodeFile);
  yield* encodeList('buckets', parts.buckets, encodeBucket);
}

function* encodeHead(parts: ManifestHead): Generator<string> {
  const { signature, range } = parts;
  yield `{\n"format":"sigtables","formatVersion":${String(versionOf(parts))},\n`;
  const { name, version, fileHash, options } = signature;
  yield `"signature":${JSON.stringify({ name, version, fileHash, options })},\n`;
  if (parts.aggregate !== undefined) yield `"aggregate":${JSON.stringify(parts.aggregate)},\n`;
  yield `"range":${encodeMembers({ start: range.start, end: range.end })},\n`;
  yield `"layout":${JSON.stringify(parts.layout)},\n`;
  if (parts.chunk !== undefined) yield `"chunk":"${String(parts.chunk)}",\n`;
  yield `"count":"${String(parts.count)}",\n"bytes":"${String(parts.bytes)}",\n`;
  const { bucketList, remainders } = parts;
  if (bucketList)
    yield `"bucketList":${encodeMembers({ file: bucketList.file, count: bucketList.count })},\n`;
  if (remainders)
    yield `"remainders":${encodeMembers({ file: remainders.file, count: remainders.count })},\n`;
}

/** The lowest version that tells all: what has no remainders has the bytes that it always had. */
export function versionOf({ remainders }: Pick<ManifestHead, 'remainders'>): 1 | 2 {
  return remainders ? 2 : 1;
}

function* encodeList<T>(name: string, items: Iterable<T>, encode: (item: T) => string): Generator<string> {
  let separator = `"${name}":[\n`;
  for (const item of items) {
    yield separator + encode(item);
    separator = ',\n';
  }
  yield separator === ',\n' ? '\n],\n' : `${separator}],\n`;
}

function encodeFile({ file, bytes, crc32 }: ManifestFile): string {
  return encodeMembers({ file, bytes, crc32: crc32.toString(16).padStart(8, '0') });
}

function encodeShard({ folder, range, count, bytes, checksum }: ManifestShard): string {
  return encodeMembers({ folder, start: range.start, end: range.end, count, bytes, checksum });
}

/** A line of the list of buckets. */
export function encodeBucket({ key, file, offset, count, bytes, first, last }: ManifestBucket): string {
  return encodeMembers({ key, file, offset, count, bytes, first, last });
}

/** A JSON object whose members stand in the order given here; numbers become strings, absent members are left out. */
function encodeMembers(members: Readonly<Record<string, string | bigint | undefined>>): string {
  return JSON.stringify(members, (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}

/** What ends a manifest, with the SHA-256 in hex of all before it. */
export function encodeTail(digest: string): string {
  return `"checksum":"sha256:${digest}"\n}\n`;
}
