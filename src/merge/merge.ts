import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { makeDirectly } from '../build/direct-maker.js';
import type { BuildResult } from '../build/options.js';
import type { Origin } from '../build/origin.js';
import { planPlaced } from '../build/plan.js';
import { makeTableSet } from '../build/table-set.js';
import { mergeOfNothing } from '../errors.js';
import { plannedReduced, reducedSignature } from '../signatures/reduced/signature.js';
import { compareSources, joinSources } from './joint.js';
import type { MergeOptions } from './options.js';
import { refuseSourceAsOutput } from './place.js';
import { describeSource, openSources, type Source } from './source.js';

/**
 * Makes one table set of those in `options.folders`, sharded or not, whose ranges must abut: the same bytes as a build of the whole
 * range; or goes on with it. One folder and another layout converts it. Throws SigtablesErrors: USAGE for sets that do
 * not go together, TABLES for one that is absent or damaged; what is done by then is kept.
 */
export async function merge(options: MergeOptions): Promise<BuildResult> {
  const { folders, out } = options;
  if (folders.length === 0) throw mergeOfNothing();
  const sources = await openAll(folders);
  await refuseSourceAsOutput(out, folders);
  const plan = planPlaced(plannedReduced, joinSources(sources, options));
  return makeTableSet(
    options,
    makeDirectly(options, plannedReduced, plan, { origin: describeOrigin(sources) }),
  );
}

/** Ascending by their ranges. */
async function openAll(folders: readonly string[]): Promise<Source[]> {
  const sources: Source[] = [];
  for (const folder of folders) sources.push(...(await openSources(folder, reducedSignature)));
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
  const digest = createHash('sha256').update(sources.map((source) => source.digest).join('\n'));
  return { sets, files, digest: digest.digest('hex') };
}
