import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LIST } from '../aggregates/open-aggregate.js';
import { splitIntoJobs } from '../range/jobs.js';
import { loadSignature } from '../signatures/plug-in/load.js';
import type { LoadedSignature, SignatureSource } from '../signatures/plug-in/source.js';
import { JobCells } from '../spool/job-cells.js';
import type { ManifestFile } from '../tables/manifest.js';
import { assemble, type Assembled } from './assembly.js';
import { listBuckets, writeRemainders } from './bucket-list.js';
import { listPlacedBuckets, listRemainders } from './bucket-places.js';
import { discardJobs, listDoneJobs, type JobFiles, type Resumed } from './build-journal.js';
import { commitManifest, refuseLostNumbers, spoolFileOf, spoolFolderOf } from './commit.js';
import type { JobGround } from './job-ground.js';
import { JobError } from './job-runner.js';
import { runAllJobs } from './job-session.js';
import type { HeaderRecord } from './journal-records.js';
import type { Ledger } from './ledger.js';
import { findLostTables } from './lost-files.js';
import type { BuildOptions, PlanFacts, SizedPlan } from './options.js';
import { openSpool } from './open-spool.js';
import { identifyPlan } from './plan.js';
import { SpoolGround } from './spool-ground.js';
import type { SpooledBuild } from './spooled-build.js';
import { listSpooledNames, nameTableOf } from './spooled-names.js';
import type { Made, TableMaker } from './table-maker.js';

/** Where the jobs of a spooled build run. */
export type OpenGround = (
  build: SpooledBuild,
  ledger: Ledger,
  header: HeaderRecord,
) => JobGround | Promise<JobGround>;

/**
 * Tables of a signature without closed form, or of an aggregate: numbers are grouped into a spool, and placed from there. Jobs run in
 * threads of this process unless `openGround` has another place for them.
 */
export function makeThroughSpool(
  options: BuildOptions,
  plan: PlanFacts,
  openGround: OpenGround = (build, ledger) => new SpoolGround(build, ledger),
): TableMaker {
  const identity = identifyPlan(plan, undefined);
  const { start, end } = plan.range;
  return {
    plan,
    identity,
    purpose: `build --range ${start}..${end} --signature ${plan.signature.name}`,
    listNames: () => listSpooledNames(identity),
    make: (header) => make(options, plan, header, openGround),
  };
}

async function make(
  options: BuildOptions,
  plan: PlanFacts,
  header: HeaderRecord,
  openGround: OpenGround,
): Promise<Made> {
  const { out, plugIn } = options;
  const { resumed, bootId, ownNames, ...opened } = await openSpool(
    options,
    plan,
    header,
    describeFiles(options, plan),
  );
  try {
    const source = plugIn && (await prepareSource(plugIn, spoolFolderOf(out)));
    const build = { ...opened.build, source, aggregates: plugIn?.definition.aggregates ?? {} };
    const ground = await openGround(build, resumed.ledger, header);
    return await makeTables(build, resumed, ground, bootId, ownNames);
  } finally {
    await resumed.journal.close();
  }
}

/** TypeScript is transpiled once, into the spool folder: the workers then need no compiler. */
async function prepareSource(
  { path, options, fileHash }: LoadedSignature,
  spoolFolder: string,
): Promise<SignatureSource> {
  const source = { path, options, fileHash, cacheFolder: resolve(spoolFolder, 'modules') };
  await loadSignature(source);
  return source;
}

async function makeTables(
  build: SpooledBuild,
  resumed: Resumed,
  ground: JobGround,
  bootId: string,
  ownNames: ReadonlySet<string>,
): Promise<Made> {
  const { options, plan } = build;
  const { ledger } = resumed;
  const { numbersDone } = ledger;
  const stopped = (): Made => ({
    outcome: 'interrupted',
    jobsDone: ledger.jobsDone,
    numbersDone: ledger.numbersDone,
  });
  if (!(await runAllJobs({ options, plan, resumed, ground, bootId, signatureFile: build.source?.path })))
    return stopped();
  const assembled = await assemble(build, resumed, ownNames, ground.placers).catch(async (error: unknown) => {
    await discardDamaged(build, resumed, error);
    throw error;
  });
  if (!assembled) return stopped();
  refuseLostNumbers(ledger, assembled.places.count);
  const files = plan.layout === 'job' ? listJobFiles(build, ledger) : assembled.files;
  const sized = await commitSpooled(build, assembled, files);
  return {
    outcome: 'built',
    plan: sized,
    numbersWritten: ledger.numbersDone - numbersDone,
    bytesWritten: sized.bytes,
  };
}

/** A job whose spool file is damaged is done again by the next run. */
export async function discardDamaged(
  { options }: SpooledBuild,
  resumed: Resumed,
  error: unknown,
): Promise<void> {
  if (!(error instanceof JobError) || error.failure.spoolFile === undefined) return;
  const { spoolFile } = error.failure;
  const jobs = listDoneJobs(resumed.ledger);
  const damaged = jobs.filter((job) => spoolFile.endsWith(spoolFileOf(options.out, job)));
  if (damaged.length > 0) await discardJobs(resumed, damaged);
}

/** Writes the manifest of what was put together: its table files are `tables`. Throws what writing throws. */
export async function commitSpooled(
  build: SpooledBuild,
  assembled: Assembled,
  tables: readonly ManifestFile[],
): Promise<SizedPlan> {
  const { options, plan, budgetBytes } = build;
  const { out, sync } = options;
  const { gathered, places } = assembled;
  const cells = new JobCells(plan.range, plan.chunk);
  const nameTable = (offset: number): string => nameTableOf(plan, cells.jobAt(offset));
  const listing = { out, spoolFolder: spoolFolderOf(out), sync, budgetBytes };
  const { listFiles, ...listed } = await listBuckets(listing, listPlacedBuckets(gathered), places.signatures);
  const remainders =
    places.remainders > 0 ? await writeRemainders(listing, listRemainders(gathered, nameTable)) : undefined;
  const files = [...tables, ...(remainders ? [remainders] : []), ...listFiles];
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0n);
  const { signature, aggregate, range, layout, chunk } = plan;
  const parts = {
    signature,
    ...(aggregate !== LIST && { aggregate }),
    range,
    layout,
    ...(layout === 'job' && { chunk }),
    count: places.count,
    bytes,
    files,
    ...(remainders && { remainders: { file: remainders.file, count: BigInt(places.remainders) } }),
    ...listed,
  };
  await commitManifest(out, plan, parts, sync);
  return { ...plan, signatures: BigInt(places.signatures), files: BigInt(files.length), bytes };
}

function listJobFiles({ plan }: SpooledBuild, ledger: Ledger): ManifestFile[] {
  return Array.from({ length: ledger.jobCount }, (_, job) => ({
    file: nameTableOf(plan, job),
    bytes: BigInt(ledger.bytesOf(job)),
    crc32: ledger.crcs[job] ?? 0,
  }));
}

function describeFiles(options: BuildOptions, plan: PlanFacts): JobFiles {
  const jobs = splitIntoJobs(plan.range, plan.chunk);
  const ownsFiles = plan.layout === 'job';
  const nameOf = (job: number): string => nameTableOf(plan, job);
  return {
    jobs,
    fileCount: ownsFiles ? Number(jobs.count) : 0,
    ownsFiles,
    findLost: async (ledger) => {
      const lost = new Set(ownsFiles ? await findLostTables(options, ledger, nameOf) : []);
      // What is in the spool is held against its checksums when it is placed.
      for (const job of listDoneJobs(ledger)) if (!(await isSpooled(options.out, ledger, job))) lost.add(job);
      return [...lost].sort((a, b) => a - b);
    },
  };
}

/** Whether what `job` has spooled is still there. */
export async function isSpooled(out: string, ledger: Ledger, job: number): Promise<boolean> {
  const spooled = ledger.spooledOf(job);
  const found = await stat(spoolFileOf(out, job)).catch(() => undefined);
  return found?.isFile() === true && found.size === spooled?.bytes;
}
