import { workerData } from 'node:worker_threads';
import { listAggregate } from '../aggregates/open-aggregate.js';
import type { FragmentSource } from '../buckets/fragment.js';
import { GroupedFragments } from '../buckets/grouping-fragments.js';
import { sliceLimitsFor } from '../buckets/grouping-limits.js';
import { ReducedFragments } from '../buckets/reduced-fragments.js';
import { GroupProgress } from '../pool/group-progress.js';
import { layOut } from '../layouts/layout.js';
import type { JobOutcome, JobTask, WorkerRecipe } from '../pool/messages.js';
import { reducedSignature } from '../signatures/reduced/signature.js';
import type { ClosedForm } from '../signatures/signature.js';
import { describeFailure } from './failure.js';
import { JobWriter } from './job-writer.js';
import { checkPlugIn } from './plug-in-watch.js';
import { TableFiles } from './table-files.js';

const recipe = workerData as WorkerRecipe;
const slot = recipe.plugIn && new GroupProgress(recipe.plugIn.progress).claim();
let writer: Promise<JobWriter> | undefined;

/** What the pool calls in a worker thread. Never throws: piscina would drop the error's code and errno. */
export default async function runJob({ job }: JobTask): Promise<JobOutcome> {
  try {
    slot?.begin(job);
    const done = (await (writer ??= openWriter())).write(job);
    await checkPlugIn();
    return { ok: true, ...done };
  } catch (error) {
    return { ok: false, failure: describeFailure(error) };
  }
}

async function openWriter(): Promise<JobWriter> {
  const { closedForm, fragments } = await openSource();
  const layout = layOut(closedForm, recipe.range, recipe.layout, recipe.chunk, recipe.nameDigits);
  return new JobWriter(closedForm, layout, new TableFiles(recipe.folder, recipe.heldFiles), fragments);
}

async function openSource(): Promise<{ closedForm: ClosedForm; fragments: FragmentSource }> {
  const { plugIn, range } = recipe;
  if (!plugIn || !slot) return { closedForm: reducedSignature.closedForm, fragments: new ReducedFragments() };
  const { openReadySignature } = await import('./ready-signature.js');
  const { keyOf, closedForm } = await openReadySignature(plugIn.source);
  if (!closedForm) throw new Error('the signature has no closed form any more');
  const limits = sliceLimitsFor(plugIn.budgetBytes, range, listAggregate);
  return {
    closedForm,
    fragments: new GroupedFragments({ keyOf }, limits, { cell: slot.cell, origin: range.start }),
  };
}
