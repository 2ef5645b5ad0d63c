import { assemble, type Assembled } from '../build/assembly.js';
import { listDoneJobs, type JobFiles, type Resumed } from '../build/build-journal.js';
import { removeWork } from '../build/commit.js';
import { runAllJobs } from '../build/job-session.js';
import type { HeaderRecord } from '../build/journal-records.js';
import { openSpool } from '../build/open-spool.js';
import type { PlanFacts } from '../build/options.js';
import { identifyPlan } from '../build/plan.js';
import type { SpooledBuild } from '../build/spooled-build.js';
import { commitSpooled, discardDamaged, isSpooled } from '../build/spooled-maker.js';
import { listSpooledNames } from '../build/spooled-names.js';
import type { Made, TableMaker } from '../build/table-maker.js';
import { SigtablesError } from '../errors.js';
import type { SpooledSource } from '../pool/messages.js';
import type { ManifestFile } from '../tables/manifest.js';
import { CopyGround, type CopyWork } from './copy-ground.js';
import { listCopyJobs, weighJobs } from './copy-jobs.js';
import type { MergeOptions } from './options.js';
import { tabulateJobs } from './tabulation.js';

/**
 * Tables made of the sets of `sources`, ascending by their ranges, whose buckets have no places beforehand: their tables are taken apart into a
 * spool, and placed from there as those of a build are. `digest` tells these sources from others.
 */
export function mergeThroughSpool(
  options: MergeOptions,
  plan: PlanFacts,
  sources: readonly SpooledSource[],
  digest: string,
): TableMaker {
  const identity = identifyPlan(plan, digest);
  const { start, end } = plan.range;
  const work: CopyWork = { sources, jobs: listCopyJobs(sources, plan.aggregate) };
  return {
    plan,
    identity,
    purpose: `merge into ${start}..${end}`,
    listNames: () => listSpooledNames(identity),
    make: (header) => make(options, plan, work, header),
  };
}

async function make(
  options: MergeOptions,
  plan: PlanFacts,
  work: CopyWork,
  header: HeaderRecord,
): Promise<Made> {
  const files = describeFiles(options, plan, work);
  const { build, resumed, bootId, ownNames } = await openSpool(options, plan, header, files);
  try {
    return await makeTables(build, resumed, work, bootId, ownNames);
  } finally {
    await resumed.journal.close();
  }
}

function describeFiles({ out }: MergeOptions, { range }: PlanFacts, { jobs, sources }: CopyWork): JobFiles {
  return {
    jobs: weighJobs(jobs, sources, range),
    fileCount: 0,
    ownsFiles: false,
    findLost: async (ledger) => {
      const lost: number[] = [];
      for (const job of listDoneJobs(ledger)) if (!(await isSpooled(out, ledger, job))) lost.push(job);
      return lost;
    },
  };
}

async function makeTables(
  build: SpooledBuild,
  resumed: Resumed,
  work: CopyWork,
  bootId: string,
  ownNames: ReadonlySet<string>,
): Promise<Made> {
  const { options, plan } = build;
  const { ledger } = resumed;
  const { numbersDone } = ledger;
  const ground = new CopyGround(build, ledger, work);
  const copying = { ...plan, jobs: BigInt(work.jobs.length) };
  const session = { options, plan: copying, resumed, ground, bootId };
  const isCopied = await runAllJobs(session).catch(async (error: unknown) => {
    // Values that cannot be put together: there is nothing to go on with.
    if (error instanceof SigtablesError && error.code === 'USAGE') await removeWork(options.out);
    throw error;
  });
  const made = isCopied ? await putTogether(build, resumed, work, ownNames) : undefined;
  if (!made) return { outcome: 'interrupted', jobsDone: ledger.jobsDone, numbersDone: ledger.numbersDone };
  const sized = await commitSpooled(build, made.assembled, made.tables);
  return {
    outcome: 'built',
    plan: sized,
    numbersWritten: ledger.numbersDone - numbersDone,
    bytesWritten: sized.bytes,
  };
}

/** Makes tables of the spool; nothing where it was stopped before. */
async function putTogether(
  build: SpooledBuild,
  resumed: Resumed,
  { jobs }: CopyWork,
  ownNames: ReadonlySet<string>,
): Promise<{ assembled: Assembled; tables: readonly ManifestFile[] } | undefined> {
  try {
    if (build.plan.layout !== 'job') {
      const assembled = await assemble(build, resumed, ownNames, undefined);
      return assembled && { assembled, tables: assembled.files };
    }
    const tabulated = await tabulateJobs(build, resumed.ledger, jobs);
    if (!tabulated) return undefined;
    const { spoolFiles, tables } = tabulated;
    const gathering = { ...build, spoolFiles, stepsBefore: build.partitions };
    const assembled = await assemble(gathering, resumed, ownNames, undefined);
    return assembled && { assembled, tables };
  } catch (error) {
    await discardDamaged(build, resumed, error);
    throw error;
  }
}
