import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { checkTableFiles } from '../build/output-folder.js';
import { isJoinable } from '../aggregates/finished.js';
import { manifestDamaged, mergeOfAggregates, mergeOfUnknownSignature } from '../errors.js';
import { chooseChunk } from '../layouts/default-chunk.js';
import { countDigits, readNameDigits } from '../layouts/layout.js';
import type { SourceSet, SpooledSource } from '../pool/messages.js';
import { splitIntoJobs } from '../range/jobs.js';
import type { Range } from '../range/range.js';
import { findSignature } from '../signatures/registry.js';
import {
  isSharded,
  manifestPath,
  readAnyManifest,
  readManifestText,
  type Manifest,
} from '../tables/manifest.js';
import { readShardManifest } from '../tables/shard-folder.js';

/** A table set that is to be merged. */
export interface Source {
  /** As the user wrote it. */
  readonly folder: string;
  readonly range: Range;
  readonly manifest: Manifest;
  /** SHA-256 of its manifest, in hex. */
  readonly digest: string;
}

/**
 * Opens the table set in `folder`; of a sharded one, its shards. Throws TABLES where there is none or a file is gone or has another size.
 */
export async function openSources(folder: string): Promise<Source[]> {
  const sources = await readSources(folder);
  for (const source of sources) await checkTableFiles(source.folder, source.manifest);
  return sources;
}

async function readSources(folder: string): Promise<Source[]> {
  const manifest = await readAnyManifest(folder);
  if (!isSharded(manifest)) return [describe(folder, manifest)];
  const sources: Source[] = [];
  for (const shard of manifest.shards)
    sources.push(describe(join(folder, shard.folder), await readShardManifest(folder, manifest, shard)));
  return sources;
}

function describe(folder: string, manifest: Manifest): Source {
  const digest = createHash('sha256').update(readManifestText(folder)).digest('hex');
  return { folder, range: manifest.range, manifest, digest };
}

/** Whether the buckets are lists of the built-in signature, whose closed form places them. */
export function isPlaced({ manifest: { signature, aggregate } }: Source): boolean {
  const { name, version, fileHash } = signature;
  return aggregate === undefined && findSignature(name, version, fileHash)?.closedForm !== undefined;
}

/** Throws USAGE for a source whose buckets cannot be put together with others: of values of an own aggregate, or a built-in signature of another version. */
export function requireMergeable({ folder, manifest }: Source): void {
  const { signature, aggregate } = manifest;
  const { name, version, fileHash } = signature;
  if (fileHash === undefined && !findSignature(name, version))
    throw mergeOfUnknownSignature(folder, signature);
  if (aggregate !== undefined && !isJoinable(aggregate)) throw mergeOfAggregates(folder, aggregate);
}

/** What a worker needs to know of a source, whose first file has the number `firstFile` among those of all. */
export function describeSource({ folder, manifest }: Source, firstFile: number): SourceSet {
  const { range, layout, chunk = chooseChunk(range, layout), files } = manifest;
  const nameDigits = layout === 'job' ? readNameDigits(files[0]?.file ?? '') : countDigits(range.end);
  return { folder: resolve(folder), range, layout, chunk, nameDigits, firstFile };
}

/** What a worker needs to know of a source whose tables are taken apart. */
export function describeSpooled({ folder, range, digest, manifest }: Source): SpooledSource {
  const { files, bucketList, remainders, layout, chunk } = manifest;
  const list = files.find(({ file }) => file === bucketList?.file);
  const ofRemainders = files.find(({ file }) => file === remainders?.file);
  const tables = files.filter((file) => file !== list && file !== ofRemainders);
  const expected = layout === 'job' && chunk !== undefined ? splitIntoJobs(range, chunk).count : undefined;
  if (expected !== undefined && BigInt(tables.length) !== expected)
    throw manifestDamaged(manifestPath(folder), `it lists ${tables.length} tables of ${expected} jobs`);
  return {
    folder: resolve(folder),
    range,
    digest,
    files: tables,
    chunk,
    bucketList: list,
    remainders: ofRemainders,
  };
}
