import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { READ_PLAIN } from '../files/plain-file.js';
import {
  manifestDamaged,
  manifestTooLarge,
  manifestTooNew,
  manifestUnreadable,
  noTableSet,
  SigtablesError,
  tablesAreSharded,
} from '../errors.js';
import type { LayoutName } from '../layouts/layout-name.js';
import { MANIFEST_MAX_BYTES, NESTING_FREE_BYTES, NESTING_MAX_DEPTH } from '../limits.js';
import type { Range } from '../range/range.js';
import { BUILD_FOLDER, MANIFEST_NAME } from './folder-names.js';
import { isNestedDeeper } from './json-depth.js';
import { parseManifestQuickly } from './manifest-quick.js';
import { encodeTail, FORMAT_VERSION } from './manifest-text.js';

export { BUILD_FOLDER, MANIFEST_NAME };
export { encodeBucket, encodeManifest, encodeShardedManifest } from './manifest-text.js';

/** A table file, and what a reader can check it against. */
export interface ManifestFile {
  /** Its name in the output folder. */
  readonly file: string;
  readonly bytes: bigint;
  readonly crc32: number;
}

/** All numbers of the range with the signature `key`. */
export interface ManifestBucket {
  readonly key: string;
  /** In the layouts signature and single: the file that holds the bucket, and where its JSON array begins there. */
  readonly file?: string;
  readonly offset?: bigint;
  readonly count: bigint;
  /** Bytes of its JSON array, brackets included; in the layout job those of its arrays in all files together. */
  readonly bytes: bigint;
  readonly first: bigint;
  readonly last: bigint;
}

/** What tells one signature from another. */
export interface SignatureIdentity {
  readonly name: string;
  readonly version: string;
  /** SHA-256 of the file of a plug-in, in hex. */
  readonly fileHash?: string;
  /** What a plug-in was set by, where there was anything. */
  readonly options?: Readonly<Record<string, string>>;
}

/** What a table set holds as a whole. */
export interface ManifestHead {
  readonly signature: SignatureIdentity;
  /** What a bucket holds instead of its numbers, such as `count`; absent where it holds them. */
  readonly aggregate?: string;
  /** The file that lists the buckets, a line each, and how many they are, where they are too many for the manifest. */
  readonly bucketList?: { readonly file: string; readonly count: bigint };
  /**
   * The file that tells what sums were rounded by, a line each, and how many they are: where fractions went into any. Format 2.
   */
  readonly remainders?: { readonly file: string; readonly count: bigint };
  readonly range: Range;
  readonly layout: LayoutName;
  /** Numbers per job; in the layout job only, where it shapes the files. */
  readonly chunk?: bigint;
  /** How many numbers all buckets hold together. */
  readonly count: bigint;
  /** Bytes of all files together. */
  readonly bytes: bigint;
}

/** What a table set holds. */
export interface Manifest extends ManifestHead {
  readonly format: 'sigtables';
  /** 2 where there are `remainders`. */
  readonly formatVersion: 1 | 2;
  readonly files: readonly ManifestFile[];
  readonly buckets: readonly ManifestBucket[];
  /** Of a sharded table set, ascending by their ranges; `files` and `buckets` are empty there. */
  readonly shards?: readonly ManifestShard[];
}

/** A table set that is a part of a sharded one. */
export interface ManifestShard {
  /** The name of its folder, in that of the sharded set. */
  readonly folder: string;
  readonly range: Range;
  readonly count: bigint;
  readonly bytes: bigint;
  /** That of its own manifest: `sha256:` and 64 hex digits. */
  readonly checksum: string;
}

/** What a sharded table set holds. */
export type ShardedManifest = Manifest & { readonly shards: readonly ManifestShard[] };

/** What a manifest is written from; files and buckets are gone through once, in order. */
export interface ManifestParts extends ManifestHead {
  readonly files: Iterable<ManifestFile>;
  readonly buckets: Iterable<ManifestBucket>;
}

/** What the manifest of a sharded table set is written from. */
export type ShardedManifestParts = ManifestHead & { readonly shards: Iterable<ManifestShard> };

/** Where the manifest of the table set in `folder` stands. */
export function manifestPath(folder: string): string {
  return join(folder, MANIFEST_NAME);
}

/** How many buckets a table set has. */
export function countBuckets({ buckets, bucketList }: Manifest): bigint {
  return bucketList?.count ?? BigInt(buckets.length);
}

/**
 * Reads and checks the manifest of the table set in `folder`. Throws TABLES if there is none, or if it is damaged, written by
 * a newer sigtables, or that of a sharded set.
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const manifest = await readAnyManifest(folder);
  if (isSharded(manifest)) throw tablesAreSharded(folder);
  return manifest;
}

/** The same, of a sharded table set too. */
export async function readAnyManifest(folder: string): Promise<Manifest> {
  return await parseManifestText(manifestPath(folder), readManifestText(folder));
}

/** Whether the manifest lists table sets instead of files. */
export function isSharded(manifest: Manifest): manifest is ShardedManifest {
  return manifest.shards !== undefined;
}

/** The text of the manifest of the table set in `folder`, its checksum and version looked at. Throws as `readManifest` does. */
export function readManifestText(folder: string): Buffer {
  const path = manifestPath(folder);
  const bytes = readWhole(folder, path);
  checkText(path, bytes);
  if (bytes.length > NESTING_FREE_BYTES && isNestedDeeper(bytes, NESTING_MAX_DEPTH))
    throw manifestDamaged(path, 'it is nested too deeply');
  return bytes;
}

/** The checksum at the end of a manifest's text. */
export function readChecksum(text: Buffer): string {
  return /sha256:[0-9a-f]{64}/.exec(text.toString('latin1', text.length - TAIL_BYTES))?.[0] ?? '';
}

/** The manifest that `bytes`, read at `path`, hold. Throws TABLES for what is not as it must be. */
export async function parseManifestText(path: string, bytes: Buffer): Promise<Manifest> {
  const text = bytes.toString('utf8');
  const manifest = parseManifestQuickly(text);
  if (manifest) return manifest;
  const { parseManifest } = await import('./manifest-schema.js'); // zod takes longer to load than most commands to run
  const result = parseManifest(text);
  if (typeof result === 'string') throw manifestDamaged(path, result);
  return result;
}

const TAIL_BYTES = encodeTail('0'.repeat(64)).length;

function readWhole(folder: string, path: string): Buffer {
  try {
    const fd = openSync(path, READ_PLAIN);
    try {
      const stats = fstatSync(fd);
      if (!stats.isFile()) throw manifestDamaged(path, 'it is not a file');
      if (stats.size > MANIFEST_MAX_BYTES) throw manifestTooLarge(path, stats.size, MANIFEST_MAX_BYTES);
      return readFileSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw noTableSet(folder);
    if (code === 'ELOOP' || code === 'ENXIO') throw manifestDamaged(path, 'it is not a file');
    throw code === undefined || error instanceof SigtablesError
      ? error
      : manifestUnreadable(path, error as Error);
  }
}

/** A newer format may sum its text up in another way, so its version counts before the checksum does. */
function checkText(path: string, bytes: Buffer): void {
  const body = bytes.subarray(0, Math.max(0, bytes.length - TAIL_BYTES));
  const digest = createHash('sha256').update(body).digest('hex');
  const intact = bytes.subarray(body.length).toString('latin1') === encodeTail(digest);
  const head = bytes.toString('latin1', 0, 200);
  const version = Number(/^\{\s*"format":\s*"sigtables",\s*"formatVersion":\s*(\d+)/.exec(head)?.[1]);
  if (version > FORMAT_VERSION) throw manifestTooNew(path, version, FORMAT_VERSION);
  if (!intact) throw manifestDamaged(path, 'its checksum does not match');
}
