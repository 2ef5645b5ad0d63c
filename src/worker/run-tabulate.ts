import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import { WRITE_PLAIN } from '../files/plain-file.js';
import { requireAggregate } from '../aggregates/open-aggregate.js';
import { nameJobFile } from '../layouts/layout.js';
import type { TabulateOutcome, TabulateRecipe, TabulateTask } from '../pool/messages.js';
import { splitIntoJobs } from '../range/jobs.js';
import { CopiedSpool } from '../spool/copied-spool.js';
import { JobCells, jobsOfGroup } from '../spool/job-cells.js';
import { SpoolFiles } from '../spool/spool-files.js';
import { nameSpoolFile } from '../spool/spool-names.js';
import { tabulateGroup } from '../spool/tabulate.js';
import { crc32 } from '../tables/crc32.js';
import { describeFailure } from './failure.js';
import { writeWholeTable } from './table-files.js';

const NO_CELL = new Uint8Array(0);
const recipe = workerData as TabulateRecipe;
const jobs = splitIntoJobs(recipe.range, recipe.chunk);
const cells = new JobCells(recipe.range, recipe.chunk);
const aggregate = requireAggregate(recipe.aggregate);
const files = new SpoolFiles(recipe.files, recipe.partitions, true, recipe.mayHold);

/** What the pool calls in a worker thread. Never throws: piscina would drop the error's code and errno. */
export default function runTabulate(task: TabulateTask): TabulateOutcome {
  try {
    return tabulate(task);
  } catch (error) {
    return { ok: false, failure: describeFailure(error) };
  }
}

function tabulate({ group, spoolJob }: TabulateTask): TabulateOutcome {
  const { partitions, spoolFolder, budgetBytes } = recipe;
  const { from, to } = jobsOfGroup(group, Number(jobs.count), partitions);
  const bytes = new Float64Array(to - from);
  const crcs = new Uint32Array(to - from);
  const path = join(spoolFolder, nameSpoolFile(spoolJob));
  const fd = openSync(path, WRITE_PLAIN, 0o666);
  try {
    const spool = new CopiedSpool(fd, { job: spoolJob, partitions, hasCells: false }, 0);
    tabulateGroup(files, { group, from, to, cells }, aggregate, budgetBytes, {
      write: (job, table) => {
        writeWholeTable(pathOfTable(job), table);
        bytes[job - from] = table.length;
        crcs[job - from] = crc32(table);
      },
      note: ({ textBytes, ...bucket }) => spool.add({ ...bucket, cell: NO_CELL }, undefined, textBytes),
    });
    const spooled = spool.end();
    return {
      ok: true,
      bytes,
      crcs,
      spooled: { path, job: spoolJob, bytes: spooled.bytes, crc: spooled.crc },
    };
  } finally {
    closeSync(fd);
  }
}

function pathOfTable(job: number): string {
  return join(recipe.folder, nameJobFile(jobs.at(BigInt(job)), recipe.nameDigits));
}
