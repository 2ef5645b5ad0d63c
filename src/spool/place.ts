import type { Aggregate } from '../aggregates/aggregate.js';
import { maxLabelBytes } from '../buckets/grouping-label.js';
import { SpoolDamaged } from '../errors/spool.js';
import { writeHead, writeTail, type FileEnds } from './frame.js';
import { PlacedBuckets } from './placed-buckets.js';
import { PlaceWindow } from './place-window.js';
import { readPlaces, type PlacesOfRun } from './places.js';
import type { RunReceipt } from './run-format.js';
import { RunReader } from './run-reader.js';
import type { SlicePart, SpoolFiles } from './spool-files.js';

/** Takes the texts of buckets to their places. */
export interface PlaceSink {
  /** Which of its file's ends the bucket with this place stands at. */
  endsOf(place: number): FileEnds;
  /**
   * Writes a part of the bucket with this place: `position` counts from the bucket's `{` or `,`, and `framedBytes` is all
   * that the bucket takes, with the `}` where it ends the file. `bytes` is valid during the call.
   */
  write(place: number, position: number, bytes: Uint8Array, framedBytes: number): void;
}

/** What is placed, and where. */
export interface PlaceTask {
  readonly partition: number;
  readonly aggregate: Aggregate;
  readonly run: RunReceipt;
  readonly places: PlacesOfRun;
  readonly budgetBytes: number;
}

/**
 * Takes the buckets of a partition to their places: lists from the slices of all jobs, in windows of as many as half the
 * budget holds; values from the run. Throws a SpoolDamaged, and what the sink throws.
 */
export function placePartition(files: SpoolFiles, task: PlaceTask, sink: PlaceSink): void {
  if (!task.aggregate.keepsNumbers) return placeValues(task, sink);
  const parts = files.partsOf(task.partition);
  const buckets = new PlacedBuckets(task.run, readPlaces(task.places));
  const window = new PlaceWindow(files, buckets, sink);
  for (const some of cutWindows(parts, task.budgetBytes / 2)) window.place(some);
  if (!buckets.areComplete()) throw new SpoolDamaged(task.run.path, 'it does not fit the jobs');
}

/** Consecutive parts that together hold at most `maxBytes`, or a single one that holds more. */
function* cutWindows(parts: readonly SlicePart[], maxBytes: number): Generator<SlicePart[]> {
  let some: SlicePart[] = [];
  let bytes = 0;
  for (const part of parts) {
    const partBytes = measurePart(part);
    if (some.length > 0 && bytes + partBytes > maxBytes) {
      yield some;
      some = [];
      bytes = 0;
    }
    some.push(part);
    bytes += partBytes;
  }
  if (some.length > 0) yield some;
}

/** What a window holds of a part: its cells with their commas, its entries, the number of each one's bucket, a subarray's object. */
function measurePart({ cellBytes, entryBytes, entries }: SlicePart): number {
  return cellBytes + entryBytes + 5 * entries;
}

function placeValues({ run, places }: PlaceTask, sink: PlaceSink): void {
  const placeOf = readPlaces(places);
  const reader = new RunReader(run);
  let buffer = new Uint8Array(1024);
  while (reader.next()) {
    const { keys, keyStart, keyEnd, value, index } = reader;
    if (!value) throw new SpoolDamaged(run.path, 'it has no values');
    const needed = maxLabelBytes(keyEnd - keyStart) + value.length + 2;
    if (buffer.length < needed) buffer = new Uint8Array(2 * needed);
    const place = placeOf[index]!;
    const { startsFile, endsFile } = sink.endsOf(place);
    const textAt = writeHead(keys, keyStart, keyEnd, startsFile, false, buffer, 0);
    buffer.set(value, textAt);
    const end = writeTail(endsFile, false, buffer, textAt + value.length);
    sink.write(place, 0, buffer.subarray(0, end), end);
  }
}
