import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { LIST } from '../aggregates/open-aggregate.js';
import { makeDirectly } from '../build/direct-maker.js';
import type { BuildResult } from '../build/options.js';
import type { Origin } from '../build/origin.js';
import { isClosed, planBuild, planPlaced } from '../build/plan.js';
import type { TableMaker } from '../build/table-maker.js';
import { makeTableSet } from '../build/table-set.js';
import { mergeOfNothing } from '../errors.js';
import { MAX_SPOOLED_NUMBERS } from '../limits.js';
import { sizeOf } from '../range/range.js';
import { plannedReduced } from '../signatures/reduced/signature.js';
import { findSignature } from '../signatures/registry.js';
import type { SignatureIdentity } from '../tables/manifest.js';
import { mergeByClosedForm } from './closed-merge.js';
import { compareSources, joinSources, refuseCoarseValues, requireSameKind } from './joint.js';
import type { MergeOptions } from './options.js';
import { refuseSourceAsOutput } from './place.js';
import {
  describeSource,
  describeSpooled,
  isPlaced,
  openSources,
  requireMergeable,
  type Source,
} from './source.js';
import { mergeThroughSpool } from './spooled-merge.js';

/**
 * Makes one table set of those in `options.folders`, sharded or not, whose ranges must abut: the same bytes as a build of the whole
 * range; or goes on with it. One folder and another layout converts it. Throws SigtablesErrors: USAGE for sets that do
 * not go together, TABLES for one that is absent or damaged; what is done by then is kept.
 */
export async function merge(options: MergeOptions): Promise<BuildResult> {
  const { folders, out } = options;
  if (folders.length === 0) throw mergeOfNothing();
  const sources = await openAll(folders);
  sources.forEach(requireMergeable);
  requireSameKind(sources);
  await refuseSourceAsOutput(out, folders);
  const makeMaker = sources.every(isPlaced) ? placeDirectly : spool;
  return makeTableSet(options, (running) => makeMaker(running, sources));
}

function placeDirectly(options: MergeOptions, sources: readonly Source[]): TableMaker {
  const plan = planPlaced(plannedReduced, joinSources(sources, options));
  return makeDirectly(options, plannedReduced, plan, { origin: describeOrigin(sources) });
}

/** Where no closed form says where numbers stand. */
function spool(options: MergeOptions, sources: readonly Source[]): TableMaker {
  const { signature, aggregate = LIST } = sources[0]!.manifest;
  const joined = { ...joinSources(sources, options), aggregate };
  const isLarge = sizeOf(joined.range) > MAX_SPOOLED_NUMBERS;
  if (isLarge && isBuiltIn(signature) && isClosed(plannedReduced, joined)) {
    const whole = planBuild(plannedReduced, joined);
    return mergeByClosedForm(options, plannedReduced, whole, describeOrigin(sources));
  }
  const plan = planBuild(signature, joined);
  if (plan.layout === 'job' && aggregate !== LIST) refuseCoarseValues(sources, aggregate, plan.chunk);
  const bytes = sources.reduce((sum, { manifest }) => sum + manifest.bytes, 0n);
  // Once to the spool, once to their places.
  const sized = { ...plan, diskBytes: 2n * bytes };
  return mergeThroughSpool(options, sized, sources.map(describeSpooled), hashSources(sources));
}

function isBuiltIn({ name, version, fileHash }: SignatureIdentity): boolean {
  return findSignature(name, version, fileHash) !== undefined;
}

/** Ascending by their ranges. */
async function openAll(folders: readonly string[]): Promise<Source[]> {
  const sources: Source[] = [];
  for (const folder of folders) sources.push(...(await openSources(folder)));
  return sources.sort(compareSources);
}

/** What a merge of `sources`, ascending by their ranges, is made from. */
export function describeOrigin(sources: readonly Source[]): Origin {
  let firstFile = 0;
  const sets = sources.map((source) => {
    const set = describeSource(source, firstFile);
    firstFile += source.manifest.files.length;
    return set;
  });
  const files = sources.flatMap(({ folder, manifest }) =>
    manifest.files.map(({ file, bytes, crc32 }) => ({ path: join(folder, file), bytes, crc32 })),
  );
  return { sets, files, digest: hashSources(sources) };
}

function hashSources(sources: readonly Source[]): string {
  return createHash('sha256')
    .update(sources.map((source) => source.digest).join('\n'))
    .digest('hex');
}
