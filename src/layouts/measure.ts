import { sizeOf, type Range } from '../range/range.js';
import type { Jobs } from '../range/jobs.js';
import type { ClosedForm } from '../signatures/signature.js';
import type { LayoutName } from './layout-name.js';

export interface TableSizes {
  readonly signatures: bigint;
  readonly files: bigint;
  /** Bytes of all table files together. */
  readonly bytes: bigint;
}

/** How many buckets and files the tables of `range` have, and their exact size, without placing them. */
export function measureTables(
  closedForm: ClosedForm,
  range: Range,
  layout: LayoutName,
  jobs: Jobs,
): TableSizes {
  const signatures = closedForm.firstMembers(range).map(({ key }) => key);
  const numberBytes = countNumberBytes(range);
  if (layout === 'signature') {
    const files = BigInt(signatures.length);
    return { signatures: files, files, bytes: numberBytes + labelBytes(signatures) + files };
  }
  if (layout === 'single') {
    return {
      signatures: BigInt(signatures.length),
      files: 1n,
      bytes: numberBytes + labelBytes(signatures) + 1n,
    };
  }
  let bytes = numberBytes;
  for (let i = 0n; i < jobs.count; i++) {
    bytes += 1n + labelBytes(closedForm.firstMembers(jobs.at(i)).map(({ key }) => key));
  }
  return { signatures: BigInt(signatures.length), files: jobs.count, bytes };
}

/** `{"1667":[` or `,"1667":[` for each key. */
function labelBytes(keys: readonly string[]): bigint {
  return BigInt(keys.reduce((sum, key) => sum + Buffer.byteLength(JSON.stringify(key)) + 3, 0));
}

/** All numbers of `range` in decimal, each with a one-byte separator. */
function countNumberBytes({ start, end }: Range): bigint {
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
