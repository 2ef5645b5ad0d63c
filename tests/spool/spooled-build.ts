import { join } from 'node:path';
import type { Aggregate } from '../../src/aggregates/aggregate.js';
import { Grouping, type KeyFunction } from '../../src/buckets/grouping.js';
import type { SliceLimits } from '../../src/buckets/grouping-limits.js';
import type { Range } from '../../src/range/range.js';
import { splitIntoJobs } from '../../src/range/jobs.js';
import { measureFramed } from '../../src/spool/frame.js';
import { gatherPartition } from '../../src/spool/gather.js';
import { mergeRuns, type MergedBucket } from '../../src/spool/merge-runs.js';
import { placePartition, type PlaceSink } from '../../src/spool/place.js';
import { PlacesWriter } from '../../src/spool/places.js';
import type { RunReceipt } from '../../src/spool/run-format.js';
import { SpoolFiles, type SpoolFile } from '../../src/spool/spool-files.js';
import { spoolJob, tabulateJob } from '../../src/spool/spool-job.js';

/** A build by the engine alone, in one thread. */
export interface SpooledBuild {
  readonly folder: string;
  readonly signature: KeyFunction;
  readonly aggregate: Aggregate;
  readonly range: Range;
  readonly chunk: bigint;
  readonly limits: SliceLimits;
  readonly partitions: number;
  readonly budgetBytes: number;
}

/** Phase 1: the spool files of all jobs, and in the layout `job` their tables. */
export function spoolAll(
  build: SpooledBuild,
  layout: 'job' | 'single',
): { files: SpoolFile[]; tables: string[] } {
  const { folder, signature, aggregate, range, partitions } = build;
  const grouping = new Grouping(signature, aggregate, build.limits);
  const jobs = splitIntoJobs(range, build.chunk);
  const tables: string[] = [];
  const files = Array.from({ length: Number(jobs.count) }, (_, job) => {
    const target = { path: join(folder, `${job}.part`), job, partitions, origin: range.start };
    if (layout === 'single') return { ...spoolJob(grouping, jobs.at(BigInt(job)), target), ...target };
    const { table, ...receipt } = tabulateJob(grouping, jobs.at(BigInt(job)), target);
    tables.push(Buffer.from(table).toString());
    return { ...receipt, ...target };
  });
  return { files, tables };
}

/** Phase 2: the runs of all partitions. */
export function gatherAll(build: SpooledBuild, files: SpoolFiles): RunReceipt[] {
  return Array.from({ length: build.partitions }, (_, partition) =>
    gatherPartition(
      files,
      partition,
      build.aggregate,
      join(build.folder, `${partition}.run`),
      build.range.start,
    ),
  );
}

/** Phases 2 and 3 for the layout `single`: the buckets in order, and the text of the table. */
export function placeAll(
  build: SpooledBuild,
  spooled: readonly SpoolFile[],
  mayHold = 3,
): { buckets: MergedBucket[]; table: string } {
  const files = new SpoolFiles(spooled, build.partitions, true, mayHold);
  try {
    const runs = gatherAll(build, files);
    const entries = runs.map((run) => run.entries);
    const path = join(build.folder, 'places');
    const places = new PlacesWriter(path, entries);
    const buckets = [...mergeRuns(runs, build.range.start)];
    const ends = placeBuckets(build.aggregate, buckets, places);
    const { sink, read } = collectTable(ends);
    runs.forEach((run, partition) =>
      placePartition(files, { ...build, partition, run, places: { path, entries, run: partition } }, sink),
    );
    return { buckets, table: buckets.length > 0 ? read() : '{}' };
  } finally {
    files.close();
  }
}

/** Gives each bucket its offset; returns the last one's, and where the table ends. */
function placeBuckets(
  aggregate: Aggregate,
  buckets: readonly MergedBucket[],
  places: PlacesWriter,
): { last: number; end: number } {
  let last = 0;
  let end = 0;
  buckets.forEach((bucket, i) => {
    last = end;
    places.add(bucket.run, last);
    end += measureFramed(bucket, aggregate, i === buckets.length - 1);
  });
  places.end();
  return { last, end };
}

/** A sink that puts a table together in memory, and refuses what is written twice, not at all or out of bounds. */
function collectTable({ last, end }: { last: number; end: number }): { sink: PlaceSink; read: () => string } {
  const table = Buffer.alloc(end);
  const sink: PlaceSink = {
    endsOf: (place) => ({ startsFile: place === 0, endsFile: place === last }),
    write: (place, position, bytes, framedBytes) => {
      const at = place + position;
      if (position + bytes.length > framedBytes || at + bytes.length > end) throw new Error('out of bounds');
      if (table.subarray(at, at + bytes.length).some((byte) => byte !== 0)) throw new Error('written twice');
      table.set(bytes, at);
    },
  };
  const read = (): string => {
    if (table.includes(0)) throw new Error('there is a gap');
    return table.toString();
  };
  return { sink, read };
}

/** The buckets of a range by the definition, in the order of their first numbers. */
export function groupPlainly(signature: KeyFunction, { start, end }: Range): Map<string, bigint[]> {
  const buckets = new Map<string, bigint[]>();
  for (let n = start; n < end; n++) {
    const key = signature.keyOf(n < 2n ** 53n ? Number(n) : n) as string | number | null;
    if (key === null) continue;
    const numbers = buckets.get(String(key)) ?? [];
    numbers.push(n);
    buckets.set(String(key), numbers);
  }
  return buckets;
}

/** The table of a range by the definition; `jsonOf` makes a bucket's text of its numbers. */
export function tabulatePlainly(
  signature: KeyFunction,
  range: Range,
  jsonOf: (numbers: bigint[]) => string,
): string {
  const members = Array.from(
    groupPlainly(signature, range),
    ([key, numbers]) => `${JSON.stringify(key)}:${jsonOf(numbers)}`,
  );
  return `{${members.join(',')}}`;
}
