import { mkdirSync } from 'node:fs';
import { ReducedFragments } from '../../src/buckets/reduced-fragments.js';
import type { LayoutName } from '../../src/layouts/layout-name.js';
import { layOut } from '../../src/layouts/layout.js';
import { HeldFiles } from '../../src/pool/held-files.js';
import type { JobYield } from '../../src/pool/messages.js';
import type { Range } from '../../src/range/range.js';
import { reducedSignature } from '../../src/signatures/reduced/signature.js';
import { JobWriter } from '../../src/worker/job-writer.js';
import { TableFiles } from '../../src/worker/table-files.js';

/** A table set without a manifest: its tables, and how they are laid out. */
export interface WrittenSet {
  readonly folder: string;
  readonly range: Range;
  readonly layout: LayoutName;
  readonly chunk: bigint;
  readonly nameDigits: number;
}

/** Files of `count` tables that share at most `mayHold` descriptors. */
export function openTableFiles(folder: string, count: number, mayHold: number): TableFiles {
  mkdirSync(folder, { recursive: true });
  return new TableFiles(folder, new HeldFiles(count, mayHold).shared);
}

/** Writes the tables of a set as a build does; returns the CRC-32 of each. */
export function writeSet({
  folder,
  range,
  layout: name,
  chunk,
  nameDigits,
}: WrittenSet): Map<string, number> {
  const { closedForm } = reducedSignature;
  const layout = layOut(closedForm, range, name, chunk, nameDigits);
  const files = openTableFiles(folder, layout.fileCount, 0);
  const writer = new JobWriter(closedForm, layout, files, new ReducedFragments());
  const results = Array.from({ length: Number(layout.jobs.count) }, (_, job) => writer.write(job));
  return joinCrcs(results, (file) => layout.fileName(file));
}

/** Each file's CRC-32, put together from the jobs' shares. */
export function joinCrcs(
  results: readonly JobYield[],
  nameOf: (file: number) => string,
): Map<string, number> {
  const crcs = new Map<string, number>();
  for (const { firstFile, crcs: shares } of results) {
    shares.forEach((crc, i) => {
      const name = nameOf(firstFile + i);
      crcs.set(name, ((crcs.get(name) ?? 0) ^ crc) >>> 0);
    });
  }
  return crcs;
}
