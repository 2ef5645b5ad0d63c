import { resolve } from 'node:path';
import { LIST } from '../aggregates/open-aggregate.js';
import type { PlanFacts } from '../build/options.js';
import { addSums, sumUpBucket } from '../checks/bucket-sums.js';
import { manifestContradictsSignature, verifyWithOtherSignature } from '../errors.js';
import { chooseChunk } from '../layouts/default-chunk.js';
import { countDigits, layOut, readNameDigits, type Layout } from '../layouts/layout.js';
import type { TableStructure, VerifyRecipe } from '../pool/verify-messages.js';
import { splitIntoJobs } from '../range/jobs.js';
import type { LoadedSignature } from '../signatures/plug-in/source.js';
import { findSignature } from '../signatures/registry.js';
import type { ClosedForm } from '../signatures/signature.js';
import { countBuckets, manifestPath, type Manifest } from '../tables/manifest.js';

/** A table set that is checked. */
export interface CheckedSet {
  readonly manifest: Manifest;
  readonly recipe: VerifyRecipe;
  /** Whether the buckets are lists of a signature that this version knows in closed form. */
  readonly isKnown: boolean;
  /** Worked out when it is first asked for; absent where the signature is not known. */
  readonly known: { readonly closedForm: ClosedForm; readonly layout: Layout } | undefined;
}

/** What a check needs to know of the table set in `folder`; keys are recomputed with `plugIn` where there is one. */
export function describeSet(folder: string, manifest: Manifest, plugIn?: LoadedSignature): CheckedSet {
  const { signature, aggregate, range, layout, files } = manifest;
  const { name, version, fileHash } = signature;
  const chunk = manifest.chunk ?? chooseChunk(range, layout);
  const nameDigits = layout === 'job' ? readNameDigits(files[0]?.file ?? '') : countDigits(range.end);
  const isList = aggregate === undefined;
  const closedForm = isList ? findSignature(name, version, fileHash)?.closedForm : undefined;
  let known: CheckedSet['known'];
  return {
    manifest,
    isKnown: closedForm !== undefined,
    recipe: {
      folder: resolve(folder),
      ...(closedForm ? { signature: { name, version } } : { structure: describeStructure(manifest, plugIn) }),
      range,
      layout,
      chunk,
      nameDigits,
    },
    get known() {
      known ??= closedForm && { closedForm, layout: layOut(closedForm, range, layout, chunk, nameDigits) };
      return known;
    },
  };
}

function describeStructure(
  { aggregate, bucketList, remainders }: Manifest,
  plugIn?: LoadedSignature,
): TableStructure {
  const source = plugIn && { path: plugIn.path, options: plugIn.options, fileHash: plugIn.fileHash };
  return { aggregate, bucketList: bucketList?.file, remainders: remainders?.file, source };
}

/** Throws USAGE where `plugIn` is not the signature that the table set was built with. */
export function requireSameSignature(
  folder: string,
  { signature }: Manifest,
  { name, version, fileHash, options }: LoadedSignature,
): void {
  const built = signature.fileHash ?? 'none, built in';
  const pairs = [
    ['signature', `${signature.name} ${signature.version}`, `${name} ${version}`],
    ["signature's file of the SHA-256", built, fileHash],
    ['options', JSON.stringify(signature.options ?? {}), JSON.stringify(options)],
  ] as const;
  for (const [what, expected, found] of pairs)
    if (expected !== found) throw verifyWithOtherSignature(folder, what, expected, found);
}

/** Throws TABLES where a manifest of the layout `job` does not list a file for each job: only then is it known what each is to hold. */
export function checkJobFiles(folder: string, { manifest, recipe }: CheckedSet): void {
  const { files, bucketList, remainders, range, layout } = manifest;
  if (layout !== 'job') return;
  const { count } = splitIntoJobs(range, recipe.chunk);
  const lists = [remainders, bucketList].flatMap((list) => (list ? [list.file] : []));
  const tables = files.length - lists.length;
  const isAtEnd = lists.every((list, i) => files[tables + i]?.file === list);
  if (BigInt(tables) !== count || !isAtEnd)
    throw manifestContradictsSignature(manifestPath(folder), `it lists ${tables} tables of ${count} jobs`);
}

/** What the manifest says of the buckets, as a sum: 0 where a file of their own lists them. */
export function sumUpBuckets({ aggregate = LIST, layout, buckets }: Manifest): bigint {
  return buckets.reduce((sum, bucket) => addSums(sum, sumUpBucket({ layout, aggregate }, bucket)), 0n);
}

/** What the events of a check say of it; its jobs are `tasks`. */
export function describeWork({ manifest, recipe }: CheckedSet, tasks: number): PlanFacts {
  const { signature, aggregate = LIST, range, layout, count, files, bytes } = manifest;
  return {
    signature,
    aggregate,
    range,
    layout,
    chunk: recipe.chunk,
    numbers: count,
    signatures: countBuckets(manifest),
    jobs: BigInt(tasks),
    files: BigInt(files.length),
    bytes,
  };
}

/** Throws TABLES where the manifest does not say what the closed form does: files, buckets, their counts and places. */
export function checkAgainstClosedForm(folder: string, { manifest, known }: CheckedSet): void {
  if (!known) return;
  const wrong = findWrongFile(manifest, known.layout) ?? findWrongBucket(manifest, known);
  if (wrong !== undefined) throw manifestContradictsSignature(manifestPath(folder), wrong);
}

function findWrongFile({ files }: Manifest, layout: Layout): string | undefined {
  if (files.length !== layout.fileCount) return `it names ${files.length} files, not ${layout.fileCount}`;
  // The sizes of jobs' files are left to the threads that look at them: each takes a few ms.
  const sizes = layout.ownsFiles ? undefined : layout.placementFor(0).fileBytes;
  const at = files.findIndex(
    ({ file, bytes }, i) =>
      file !== layout.fileName(i) || (sizes !== undefined && bytes !== BigInt(sizes[i] ?? 0)),
  );
  return at < 0 ? undefined : `the file ${files[at]?.file ?? ''} does not go with the range`;
}

function findWrongBucket(
  { buckets, range }: Manifest,
  { closedForm, layout }: NonNullable<CheckedSet['known']>,
): string | undefined {
  const within = closedForm.tallyWithin(range);
  const lastOf = new Map(closedForm.lastMembers(range).map(({ key, number }) => [key, number]));
  const regions = layout.ownsFiles ? undefined : layout.placementFor(0).regions;
  const expected = closedForm.firstMembers(range);
  if (expected.length !== buckets.length) return `it names ${buckets.length} buckets, not ${expected.length}`;
  const at = expected.findIndex(({ key, number }, i) => {
    const bucket = buckets[i];
    const region = regions?.[i];
    return !(
      bucket?.key === key &&
      bucket.first === number &&
      bucket.last === lastOf.get(key) &&
      bucket.count === within.count(key) &&
      (!region ||
        (bucket.offset === BigInt(region.arrayOffset) && bucket.bytes === BigInt(region.arrayBytes))) &&
      (!region || bucket.file === layout.fileName(region.file))
    );
  });
  return at < 0 ? undefined : `the bucket ${expected[at]?.key ?? ''} does not go with the range`;
}
