import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { checkTableFiles } from '../build/output-folder.js';
import { mergeOfAggregates, mergeOfUnknownSignature } from '../errors.js';
import { chooseChunk } from '../layouts/default-chunk.js';
import { countDigits, readNameDigits } from '../layouts/layout.js';
import type { SourceSet } from '../pool/messages.js';
import type { Range } from '../range/range.js';
import type { Signature } from '../signatures/signature.js';
import { isSharded, readAnyManifest, readManifestText, type Manifest } from '../tables/manifest.js';
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
 * Opens the table set in `folder`, of the signature `known`; of a sharded one, its shards. Throws TABLES where there is none or a file
 * is gone or has another size, USAGE where it is of another signature.
 */
export async function openSources(folder: string, known: Signature): Promise<Source[]> {
  const sources: Source[] = [];
  for (const source of await readSources(folder)) {
    requireSignature(source, known);
    await checkTableFiles(source.folder, source.manifest);
    sources.push(source);
  }
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

function requireSignature({ folder, manifest }: Source, known: Signature): void {
  const { signature, aggregate } = manifest;
  if (
    signature.name !== known.name ||
    signature.version !== known.version ||
    signature.fileHash !== undefined
  ) {
    throw mergeOfUnknownSignature(folder, signature);
  }
  if (aggregate !== undefined) throw mergeOfAggregates(folder, aggregate);
}

/** What a worker needs to know of a source, whose first file has the number `firstFile` among those of all. */
export function describeSource({ folder, manifest }: Source, firstFile: number): SourceSet {
  const { range, layout, chunk = chooseChunk(range, layout), files } = manifest;
  const nameDigits = layout === 'job' ? readNameDigits(files[0]?.file ?? '') : countDigits(range.end);
  return { folder: resolve(folder), range, layout, chunk, nameDigits, firstFile };
}
