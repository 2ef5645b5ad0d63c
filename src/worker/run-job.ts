import { workerData } from 'node:worker_threads';
import { ReducedFragments } from '../buckets/reduced-fragments.js';
import { layOut } from '../layouts/layout.js';
import type { JobOutcome, JobTask, WorkerRecipe } from '../pool/messages.js';
import { reducedSignature } from '../signatures/reduced/signature.js';
import { describeFailure } from './failure.js';
import { JobWriter } from './job-writer.js';
import { TableFiles } from './table-files.js';

let writer: JobWriter | undefined;

/** What the pool calls in a worker thread. Never throws: piscina would drop the error's code and errno. */
export default function runJob({ job }: JobTask): JobOutcome {
  try {
    writer ??= openWriter(workerData as WorkerRecipe);
    return { ok: true, ...writer.write(job) };
  } catch (error) {
    return { ok: false, failure: describeFailure(error) };
  }
}

function openWriter(recipe: WorkerRecipe): JobWriter {
  const { closedForm } = reducedSignature;
  const layout = layOut(closedForm, recipe.range, recipe.layout, recipe.chunk, recipe.nameDigits);
  const files = new TableFiles(recipe.folder, recipe.heldFiles);
  return new JobWriter(closedForm, layout, files, new ReducedFragments());
}
