import { workerData } from 'node:worker_threads';
import { ReducedFragments } from '../buckets/reduced-fragments.js';
import { layOut } from '../layouts/layout.js';
import type { JobOutcome, JobTask } from '../pool/messages.js';
import type { RepairRecipe } from '../pool/verify-messages.js';
import { reducedSignature } from '../signatures/reduced/signature.js';
import { describeFailure } from './failure.js';
import { JobWriter } from './job-writer.js';
import { TableFiles } from './table-files.js';

let writer: JobWriter | undefined;

/** What the pool of a repair calls in a worker thread. Never throws: piscina would drop the error's code and errno. */
export default function runRepair({ job }: JobTask): JobOutcome {
  try {
    writer ??= openWriter(workerData as RepairRecipe);
    return { ok: true, ...writer.write(job) };
  } catch (error) {
    return { ok: false, failure: describeFailure(error) };
  }
}

function openWriter({ range, layout, chunk, nameDigits, folder, heldFiles, files }: RepairRecipe): JobWriter {
  const { closedForm } = reducedSignature;
  const laidOut = layOut(closedForm, range, layout, chunk, nameDigits);
  return new JobWriter(
    closedForm,
    laidOut,
    new ChosenFiles(folder, heldFiles, files),
    new ReducedFragments(),
  );
}

/** Takes what is written to some of the files, and drops the rest. */
class ChosenFiles extends TableFiles {
  readonly #files: ReadonlySet<number>;

  constructor(folder: string, held: SharedArrayBuffer, files: ReadonlySet<number>) {
    super(folder, held);
    this.#files = files;
  }

  override write(file: number, name: string, fileBytes: number, bytes: Uint8Array, position: number): void {
    if (this.#files.has(file)) super.write(file, name, fileBytes, bytes, position);
  }
}
