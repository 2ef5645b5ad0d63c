import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import type { Aggregate } from '../aggregates/aggregate.js';
import { openAggregate, requireAggregate } from '../aggregates/open-aggregate.js';
import type { GroupRecipe, PlaceOutcome, PlaceRecipe, PlaceTarget, PlaceTask } from '../pool/messages.js';
import { gatherPartition } from '../spool/gather.js';
import { placePartition, type PlaceSink } from '../spool/place.js';
import type { RunReceipt } from '../spool/run-format.js';
import { SpoolFiles, type SpoolFile } from '../spool/spool-files.js';
import { nameSpoolFile } from '../spool/spool-names.js';
import { crc32, shiftCrc } from '../tables/crc32.js';
import { describeFailure } from './failure.js';
import { checkPlugIn } from './plug-in-watch.js';
import { openReadySignature } from './ready-signature.js';
import { TableFiles } from './table-files.js';

const recipe = workerData as GroupRecipe;
let opened: Promise<{ aggregate: Aggregate; files: SpoolFiles }> | undefined;
let names: readonly string[] | undefined;

// Asked for every bucket, of which there may be millions: objects that are kept cost nothing.
const WHOLE_FILE = { startsFile: true, endsFile: true };
const FIRST = { startsFile: true, endsFile: false };
const MIDDLE = { startsFile: false, endsFile: false };
const LAST = { startsFile: false, endsFile: true };

/** Gathers a partition, or places it. Never throws: piscina would drop the error's code and errno. */
export async function placeBuckets(task: PlaceTask): Promise<PlaceOutcome> {
  try {
    const { aggregate, files } = await (opened ??= open(task.recipe));
    const { partition, runPath, placing } = task;
    const done = placing
      ? { crcs: place(files, { partition, aggregate, run: placing.run }, placing.target) }
      : { run: gatherPartition(files, partition, aggregate, runPath, recipe.range.start) };
    await checkPlugIn();
    return { ok: true, ...done };
  } catch (error) {
    return { ok: false, failure: describeFailure(error) };
  }
}

async function open(by: PlaceRecipe): Promise<{ aggregate: Aggregate; files: SpoolFiles }> {
  const files = new SpoolFiles(listFiles(by), recipe.partitions, by.hasCells, by.mayHold);
  return { aggregate: await openOwnAggregate(), files };
}

function listFiles({ receipts }: PlaceRecipe): SpoolFile[] {
  const figures = new Float64Array(receipts);
  return Array.from({ length: figures.length / 3 }, (_, i) => {
    const job = figures[3 * i]!;
    const path = join(recipe.spoolFolder, nameSpoolFile(job));
    return { path, job, bytes: figures[3 * i + 1]!, crc: figures[3 * i + 2]! };
  });
}

/** Only an aggregate of its own needs the signature's module. */
async function openOwnAggregate(): Promise<Aggregate> {
  const builtIn = openAggregate(recipe.aggregate);
  if (builtIn) return builtIn;
  const { aggregates } = await openReadySignature(recipe.source);
  return requireAggregate(recipe.aggregate, aggregates);
}

function place(
  files: SpoolFiles,
  task: { partition: number; aggregate: Aggregate; run: RunReceipt },
  target: PlaceTarget,
): readonly (readonly [number, number])[] {
  names ??= Buffer.from(target.names).toString().split('\n');
  const crcs = new Map<number, number>();
  const createSink = target.lastPlace === undefined ? createFileSink : createTableSink;
  const places = { ...target.places, run: task.partition };
  placePartition(
    files,
    { ...task, places, budgetBytes: recipe.budgetBytes },
    createSink(target, names, crcs),
  );
  return [...crcs];
}

/** Each bucket into a file of its own. */
function createFileSink(
  { folder, heldFiles }: PlaceTarget,
  fileNames: readonly string[],
  crcs: Map<number, number>,
): PlaceSink {
  const tables = new TableFiles(folder, heldFiles);
  return {
    endsOf: () => WHOLE_FILE,
    write: (file, position, bytes, framedBytes) => {
      tables.write(file, fileNames[file] ?? '', framedBytes, bytes, position);
      const share = shiftCrc(crc32(bytes), framedBytes - position - bytes.length);
      crcs.set(file, (crcs.get(file) ?? 0) ^ share);
    },
  };
}

/** All buckets into one file. */
function createTableSink(
  { folder, tableBytes, lastPlace, heldFiles }: PlaceTarget,
  [name = '']: readonly string[],
  crcs: Map<number, number>,
): PlaceSink {
  const tables = new TableFiles(folder, heldFiles);
  const first = lastPlace === 0 ? WHOLE_FILE : FIRST;
  return {
    endsOf: (start) => (start === 0 ? first : start === lastPlace ? LAST : MIDDLE),
    write: (start, position, bytes) => {
      tables.write(0, name, tableBytes, bytes, start + position);
      const share = shiftCrc(crc32(bytes), tableBytes - start - position - bytes.length);
      crcs.set(0, (crcs.get(0) ?? 0) ^ share);
    },
  };
}
