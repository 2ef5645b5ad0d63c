import type { Layout } from '../layouts/layout.js';
import type { ClosedForm } from '../signatures/signature.js';
import { readBootId, resumeBuild, type JobFiles } from './build-journal.js';
import { writeManifest } from './commit.js';
import { runAllJobs } from './job-session.js';
import type { HeaderRecord } from './journal-records.js';
import { findLostFiles } from './lost-files.js';
import type { RunOptions, SizedPlan } from './options.js';
import type { Origin } from './origin.js';
import { listNames } from './output-folder.js';
import { identifyPlan, layOutPlan, type PlacedSignature } from './plan.js';
import { SourceChecks } from './source-checks.js';
import type { Made, TableMaker } from './table-maker.js';
import { TableGround, type Undertaking } from './table-ground.js';

/** Tables whose fragments have their places beforehand, by the closed form: computed, or copied from the sets of `origin`. */
export function makeDirectly(
  options: RunOptions,
  signature: PlacedSignature,
  plan: SizedPlan,
  { origin, plugIn }: { origin?: Origin; plugIn?: Undertaking['plugIn'] } = {},
): TableMaker {
  const layout = layOutPlan(signature, plan);
  const { start, end } = plan.range;
  return {
    plan,
    identity: identifyPlan(plan, origin?.digest),
    purpose: `${origin ? 'merge into' : 'build --range'} ${start}..${end}`,
    listNames: () => listNames(layout),
    make: (header) => make({ options, plan, layout, origin, plugIn }, signature, header),
  };
}

async function make(
  undertaking: Undertaking,
  { closedForm }: PlacedSignature,
  header: HeaderRecord,
): Promise<Made> {
  const { options, plan, layout, origin, plugIn } = undertaking;
  const { out, sync } = options;
  const bootId = await readBootId();
  const sources = origin && new SourceChecks(origin.files);
  const resumed = await resumeBuild(out, describeFiles(options, closedForm, layout), header, {
    sync,
    bootId,
    sources,
  });
  const { ledger, journal } = resumed;
  const before = { numbers: ledger.numbersDone, bytes: ledger.bytesDone };
  try {
    // Who finds this unfinished may not have the plug-in, which alone tells what its files are called.
    if (plugIn && ledger.jobsDone === 0)
      await journal.append({ type: 'files', names: [...listNames(layout)] });
    const ground = new TableGround(undertaking, ledger);
    if (!(await runAllJobs({ options, plan, resumed, ground, bootId, signatureFile: plugIn?.source.path }))) {
      return { outcome: 'interrupted', jobsDone: ledger.jobsDone, numbersDone: ledger.numbersDone };
    }
    await writeManifest(out, plan, closedForm, layout, ledger, sync);
  } finally {
    await journal.close();
  }
  return {
    outcome: 'built',
    plan,
    numbersWritten: ledger.numbersDone - before.numbers,
    bytesWritten: ledger.bytesDone - before.bytes,
  };
}

function describeFiles(options: RunOptions, closedForm: ClosedForm, layout: Layout): JobFiles {
  const { jobs, fileCount, ownsFiles } = layout;
  const findLost: JobFiles['findLost'] = (ledger) => findLostFiles(options, closedForm, layout, ledger);
  return { jobs, fileCount, ownsFiles, findLost };
}
