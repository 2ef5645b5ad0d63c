import { makeDirectly } from '../build/direct-maker.js';
import type { HeaderRecord } from '../build/journal-records.js';
import type { SizedPlan } from '../build/options.js';
import { identifyPlan, type PlacedSignature } from '../build/plan.js';
import type { Made, TableMaker } from '../build/table-maker.js';
import { SigtablesError } from '../errors.js';
import { describeOrigin } from '../merge/merge.js';
import { openSources, type Source } from '../merge/source.js';
import type { Coordination } from './coordination.js';
import { gatherSets } from './gather-sets.js';
import type { QueuedBuildOptions } from './options.js';
import { describeFile, removeResult } from './results.js';
import { setFolderOf } from './set-folder.js';

/** Opens the build's side of the queue once its folder is locked. */
export type OpenCoordination = (header: HeaderRecord) => Promise<Coordination>;

/** What tells such a build from a local one, and from a merge: their journals do not go together. */
const ORIGIN = 'queue';

/** Lists by the closed form: each job yields a table set, and these are merged when all are there. */
export function makeThroughSets(
  options: QueuedBuildOptions,
  signature: PlacedSignature,
  plan: SizedPlan,
  open: OpenCoordination,
): TableMaker {
  const direct = makeDirectly(options, signature, plan);
  return {
    ...direct,
    identity: identifyPlan(plan, ORIGIN),
    make: async (header) => {
      const coordination = await open(header);
      const gathered = await gatherSets(options, plan, coordination, {
        // Of a set that is merged, one file is as good as many, and quicker to make.
        layout: plan.layout === 'job' ? 'job' : 'single',
        placeOf: (job) => Promise.resolve(setFolderOf(coordination.folder, job)),
      });
      if (gathered) return gathered;
      return mergeSets(options, signature, plan, coordination, header);
    },
  };
}

async function mergeSets(
  options: QueuedBuildOptions,
  signature: PlacedSignature,
  plan: SizedPlan,
  { folder }: Coordination,
  header: HeaderRecord,
): Promise<Made> {
  const sources: Source[] = [];
  for (let job = 0; job < Number(plan.jobs); job++)
    sources.push(...(await openSources(setFolderOf(folder, job))));
  const maker = makeDirectly(options, signature, plan, { origin: describeOrigin(sources) });
  try {
    return await maker.make(header);
  } catch (error) {
    if (error instanceof SigtablesError && error.code === 'TABLES') await removeDamaged(folder, sources);
    throw error;
  }
}

/** The same command has them made anew. */
async function removeDamaged(folder: string, sources: readonly Source[]): Promise<void> {
  for (const [job, { folder: set, manifest }] of sources.entries()) {
    for (const { file, crc32 } of manifest.files) {
      const found = await describeFile(set, file).catch(() => undefined);
      if (found?.crc32 !== crc32) await removeResult(folder, job);
    }
  }
}
