import { workerData } from 'node:worker_threads';
import { layOut } from '../layouts/layout.js';
import type { CopyRecipe, JobOutcome, JobTask } from '../pool/messages.js';
import { reducedSignature } from '../signatures/reduced/signature.js';
import { CopyWriter } from './copy-writer.js';
import { describeFailure } from './failure.js';
import { SourceFiles } from './source-files.js';
import { SourceTables } from './source-table.js';
import { TableFiles } from './table-files.js';

let writer: CopyWriter | undefined;

/** What the pool of a merge calls in a worker thread. Never throws: piscina would drop the error's code and errno. */
export default function runCopy({ job }: JobTask): JobOutcome {
  try {
    writer ??= openWriter(workerData as CopyRecipe);
    return { ok: true, ...writer.write(job) };
  } catch (error) {
    return { ok: false, failure: describeFailure(error) };
  }
}

function openWriter(recipe: CopyRecipe): CopyWriter {
  const { closedForm } = reducedSignature;
  const layout = layOut(closedForm, recipe.range, recipe.layout, recipe.chunk, recipe.nameDigits);
  const files = new TableFiles(recipe.folder, recipe.heldFiles);
  const sources = recipe.sources.map((set) => new SourceTables(closedForm, set));
  return new CopyWriter(closedForm, layout, files, sources, new SourceFiles(recipe.mayHold));
}
