import { workerData } from 'node:worker_threads';
import type { Aggregate } from '../aggregates/aggregate.js';
import { openAggregate } from '../aggregates/open-aggregate.js';
import type { PlaceOutcome, PlaceRecipe, PlaceTarget, PlaceTask } from '../pool/messages.js';
import { gatherPartition } from '../spool/gather.js';
import { placePartition, type PlaceSink } from '../spool/place.js';
import type { RunReceipt } from '../spool/run-format.js';
import { SpoolFiles } from '../spool/spool-files.js';
import { crc32, shiftCrc } from '../tables/crc32.js';
import { describeFailure } from './failure.js';
import { openReadySignature } from './ready-signature.js';
import { TableFiles } from './table-files.js';

const recipe = workerData as PlaceRecipe;
// Asked for every bucket, of which there may be millions: objects that are kept cost nothing.
const WHOLE_FILE = { startsFile: true, endsFile: true };
const FIRST = { startsFile: true, endsFile: false };
const MIDDLE = { startsFile: false, endsFile: false };
const LAST = { startsFile: false, endsFile: true };

let opened: Promise<{ aggregate: Aggregate; files: SpoolFiles }> | undefined;

/** What the pool calls in a worker thread. Never throws: piscina would drop the error's code and errno. */
export default async function runPlace(task: PlaceTask): Promise<PlaceOutcome> {
  try {
    const { aggregate, files } = await (opened ??= open());
    const { partition, runPath, run } = task;
    if (run && recipe.target)
      return { ok: true, crcs: place(files, { partition, aggregate, run }, recipe.target) };
    return { ok: true, run: gatherPartition(files, partition, aggregate, runPath, recipe.origin) };
  } catch (error) {
    return { ok: false, failure: describeFailure(error) };
  }
}

async function open(): Promise<{ aggregate: Aggregate; files: SpoolFiles }> {
  const { files, partitions, hasCells, mayHold, source } = recipe;
  const { aggregates } = await openReadySignature(source);
  const aggregate = openAggregate(recipe.aggregate, aggregates);
  if (!aggregate) throw new Error(`no aggregate ${recipe.aggregate}`);
  return { aggregate, files: new SpoolFiles(files, partitions, hasCells, mayHold) };
}

function place(
  files: SpoolFiles,
  task: { partition: number; aggregate: Aggregate; run: RunReceipt },
  target: PlaceTarget,
): readonly (readonly [number, number])[] {
  const crcs = new Map<number, number>();
  const sink = target.lastPlace === undefined ? createFileSink(target, crcs) : createTableSink(target, crcs);
  const places = { ...target.places, run: task.partition };
  placePartition(files, { ...task, places, budgetBytes: recipe.budgetBytes }, sink);
  return [...crcs];
}

/** Each bucket into a file of its own. */
function createFileSink(target: PlaceTarget, crcs: Map<number, number>): PlaceSink {
  const tables = new TableFiles(target.folder, target.heldFiles);
  return {
    endsOf: () => WHOLE_FILE,
    write: (file, position, bytes, framedBytes) => {
      tables.write(file, target.names[file] ?? '', framedBytes, bytes, position);
      const share = shiftCrc(crc32(bytes), framedBytes - position - bytes.length);
      crcs.set(file, (crcs.get(file) ?? 0) ^ share);
    },
  };
}

/** All buckets into one file. */
function createTableSink(
  { folder, names, fileBytes, lastPlace, heldFiles }: PlaceTarget,
  crcs: Map<number, number>,
): PlaceSink {
  const tables = new TableFiles(folder, heldFiles);
  const [name = ''] = names;
  const [tableBytes = 0] = fileBytes;
  const first = lastPlace === 0 ? WHOLE_FILE : FIRST;
  return {
    endsOf: (place) => (place === 0 ? first : place === lastPlace ? LAST : MIDDLE),
    write: (place, position, bytes) => {
      tables.write(0, name, tableBytes, bytes, place + position);
      const share = shiftCrc(crc32(bytes), tableBytes - place - position - bytes.length);
      crcs.set(0, (crcs.get(0) ?? 0) ^ share);
    },
  };
}
