import { splitIntoJobs, type Jobs } from '../range/jobs.js';
import { sizeOf, type Range } from '../range/range.js';
import type { ClosedForm } from '../signatures/signature.js';
import type { LayoutName } from './layout-name.js';

export interface TableSizes {
  readonly signatures: bigint;
  readonly files: bigint;
  /** Bytes of all table files together. */
  readonly bytes: bigint;
}

/** What stands around each bucket but its key and its numbers: `{:[` or `,:[`, its last separator being the `]`. */
const BYTES_PER_BUCKET = 3n;

/**
 * How many buckets and files the tables of `range` have, and their exact size, without placing them.
 * Throws a USAGE error in the layout `job` where the jobs are too many to foretell their keys.
 */
export function measureTables(
  closedForm: ClosedForm,
  range: Range,
  layout: LayoutName,
  jobs: Jobs,
): TableSizes {
  const { keys: signatures, bytes: keyBytes } = closedForm.measureJobKeys(splitIntoJobs(range, range.end));
  const labels = layout === 'job' ? closedForm.measureJobKeys(jobs) : { keys: signatures, bytes: keyBytes };
  const files = { signature: signatures, job: jobs.count, single: 1n }[layout];
  // A file ends with a brace.
  const bytes = countNumberBytes(range) + labels.bytes + labels.keys * BYTES_PER_BUCKET + files;
  return { signatures, files, bytes };
}

/** All numbers of `range` in decimal, each with a one-byte separator. */
export function countNumberBytes({ start, end }: Range): bigint {
  let bytes = 0n;
  for (let from = start; from < end;) {
    const width = from.toString().length;
    const nextWidth = 10n ** BigInt(width);
    const to = nextWidth < end ? nextWidth : end;
    bytes += sizeOf({ start: from, end: to }) * BigInt(width + 1);
    from = to;
  }
  return bytes;
}
