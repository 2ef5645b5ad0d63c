import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { checkTableFiles } from '../build/output-folder.js';
import { mergeOfAggregates, mergeOfUnknownSignature } from '../errors.js';
import { chooseChunk } from '../layouts/default-chunk.js';
import { countDigits, readNameDigits } from '../layouts/layout.js';
import type { SourceSet } from '../pool/messages.js';
import type { Range } from '../range/range.js';
import type { Signature } from '../signatures/signature.js';
import { manifestPath, readManifest, type Manifest } from '../tables/manifest.js';

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
 * Opens the table set in `folder`, of the signature `known`. Throws TABLES where there is none or a file is gone or has
 * another size, USAGE where it is of another signature.
 */
export async function openSource(folder: string, known: Signature): Promise<Source> {
  const manifest = await readManifest(folder);
  const { signature, range } = manifest;
  if (
    signature.name !== known.name ||
    signature.version !== known.version ||
    signature.fileHash !== undefined
  ) {
    throw mergeOfUnknownSignature(folder, signature);
  }
  if (manifest.aggregate !== undefined) throw mergeOfAggregates(folder, manifest.aggregate);
  await checkTableFiles(folder, manifest);
  const digest = createHash('sha256').update(await readFile(manifestPath(folder)));
  return { folder, range, manifest, digest: digest.digest('hex') };
}

/** What a worker needs to know of a source, whose first file has the number `firstFile` among those of all. */
export function describeSource({ folder, manifest }: Source, firstFile: number): SourceSet {
  const { range, layout, chunk = chooseChunk(range, layout), files } = manifest;
  const nameDigits = layout === 'job' ? readNameDigits(files[0]?.file ?? '') : countDigits(range.end);
  return { folder: resolve(folder), range, layout, chunk, nameDigits, firstFile };
}
