import { LIST } from '../aggregates/open-aggregate.js';
import { mergeDiffers, mergeHasGap, mergeOfCoarseValues, mergeOverlaps } from '../errors.js';
import type { LayoutName } from '../layouts/layout-name.js';
import { splitIntoJobs } from '../range/jobs.js';
import type { Range } from '../range/range.js';
import type { SignatureIdentity } from '../tables/manifest.js';
import type { MergeOptions } from './options.js';
import type { Source } from './source.js';

type Ranged = Pick<Source, 'range'>;

/** What the sources make together. */
export interface Joint {
  readonly range: Range;
  readonly layout: LayoutName;
  /** `undefined` takes the default. */
  readonly chunk: bigint | undefined;
}

/**
 * Joins `sources`, one at least and ascending by their ranges. Throws USAGE for a gap, an overlap, and for layouts or
 * jobs that differ where no other ones are asked for.
 */
export function joinSources(
  sources: readonly Source[],
  wanted: Pick<MergeOptions, 'layout' | 'chunk'>,
): Joint {
  const first = sources[0];
  const last = sources.at(-1);
  if (!first || !last) throw new RangeError('nothing to join');
  refuseGaps(sources);
  const layout = wanted.layout ?? findCommonLayout(sources);
  const chunk = wanted.chunk ?? (layout === 'job' ? findCommonChunk(sources) : undefined);
  return { range: { start: first.range.start, end: last.range.end }, layout, chunk };
}

/** The order of table sets by their ranges. */
export function compareSources({ range: a }: Ranged, { range: b }: Ranged): number {
  return compare(a.start, b.start) || compare(a.end, b.end);
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Throws USAGE for sources, ascending by their ranges, that leave a gap or overlap. */
export function refuseGaps(sources: readonly (Ranged & { readonly folder: string })[]): void {
  sources.forEach((above, index) => {
    const below = sources[index - 1];
    if (!below) return;
    if (below.range.end < above.range.start) throw mergeHasGap(below, above);
    if (below.range.end > above.range.start) throw mergeOverlaps(below, above);
  });
}

/** Throws USAGE for sources of different signatures, or of values of different kinds. */
export function requireSameKind(sources: readonly Source[]): void {
  refuseDifference(sources, 'signatures', ({ name, version }) => `${name} ${version}`);
  refuseDifference(sources, "signatures' files", ({ fileHash = '' }) => `SHA-256 ${fileHash}`);
  refuseDifference(sources, "signatures' options", ({ options = {} }) => describeOptions(options));
  const [one, other] = findTwo(sources, ({ manifest }) => manifest.aggregate ?? LIST);
  if (other) throw mergeDiffers('aggregates', one, other, ADVICE);
}

const ADVICE = 'build them with the same flags';

function refuseDifference(
  sources: readonly Source[],
  what: string,
  read: (signature: SignatureIdentity) => string,
): void {
  const [one, other] = findTwo(sources, ({ manifest }) => read(manifest.signature));
  if (other) throw mergeDiffers(what, one, other, ADVICE);
}

function describeOptions(options: Readonly<Record<string, string>>): string {
  const texts = Object.entries(options).map(([key, value]) => `${key}=${value}`);
  return texts.length === 0 ? 'none' : texts.join(' ');
}

/** Throws USAGE for values of more numbers than a job of `chunk` numbers has: they cannot be divided. */
export function refuseCoarseValues(sources: readonly Source[], aggregate: string, chunk: bigint): void {
  for (const { folder, range, manifest } of sources) {
    const cells = splitIntoJobs(range, manifest.chunk ?? range.end);
    for (let i = 0n; i < cells.count; i++) {
      const cell = cells.at(i);
      if (cell.start / chunk !== (cell.end - 1n) / chunk) throw mergeOfCoarseValues(folder, aggregate, cell);
    }
  }
}

function findCommonLayout(sources: readonly Source[]): LayoutName {
  const [one, other] = findTwo(sources, ({ manifest }) => manifest.layout);
  if (other) throw mergeDiffers('layouts', one, other, 'say with --layout which one to make');
  return one.value;
}

/** The chunk of those sources that have one; `undefined` where none has. */
function findCommonChunk(sources: readonly Source[]): bigint | undefined {
  const chunked = sources.filter(({ manifest }) => manifest.chunk !== undefined);
  if (chunked.length === 0) return undefined;
  const [one, other] = findTwo(chunked, ({ manifest }) => String(manifest.chunk));
  if (other) throw mergeDiffers('numbers per job', one, other, 'say with --chunk how many to have');
  return BigInt(one.value);
}

interface Found<T> {
  readonly folder: string;
  readonly value: T;
}

/** The first source's value, and the first other one with its source. */
function findTwo<T>(
  sources: readonly Source[],
  read: (source: Source) => T,
): [Found<T>, Found<T> | undefined] {
  const found = sources.map((source) => ({ folder: source.folder, value: read(source) }));
  const one = found[0];
  if (!one) throw new RangeError('nothing to compare');
  return [one, found.find(({ value }) => value !== one.value)];
}
