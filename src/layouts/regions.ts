import type { Range } from '../range/range.js';
import type { ClosedForm, Tally } from '../signatures/signature.js';
import type { LayoutName } from './layout-name.js';

/** The place of one bucket in one table file. Offsets and sizes are bytes. */
export interface Region {
  readonly key: string;
  /** The file's number within the table set. */
  readonly file: number;
  /** What stands before the bucket's array: `{"1667":` or `,"1667":`. */
  readonly label: string;
  /** The array's text, `[` to `]`. */
  readonly arrayOffset: number;
  readonly arrayBytes: number;
  /** Whether the file ends behind the bucket, with a `}`. */
  readonly endsFile: boolean;
}

/** The buckets of a range, placed: in one table file, or in one file per bucket. */
export interface Placement {
  readonly range: Range;
  /** In the order of their first numbers. */
  readonly regions: readonly Region[];
  readonly firstFile: number;
  /** The size of each file from the first on. */
  readonly fileBytes: readonly number[];
  /** The tally at the range's start. */
  readonly below: Tally;
}

/**
 * Places the buckets of `range` in files numbered from `firstFile` on: each in a file of its own in the layout
 * `signature`, else all in one.
 */
export function placeBuckets(
  closedForm: ClosedForm,
  range: Range,
  layout: LayoutName,
  firstFile: number,
): Placement {
  const buckets = closedForm.bucketSizes(range);
  const regions: Region[] = [];
  const fileBytes: number[] = [];
  let offset = 0;
  buckets.forEach(({ key, bytes }, index) => {
    const startsFile = offset === 0;
    const endsFile = layout === 'signature' || index === buckets.length - 1;
    const label = labelOf(key);
    const arrayOffset = offset + label.bytes;
    // A number's separator is counted with it; the last one's is the closing bracket.
    const arrayBytes = 1 + Number(bytes);
    regions.push({
      key,
      file: firstFile + fileBytes.length,
      label: startsFile ? label.first : label.other,
      arrayOffset,
      arrayBytes,
      endsFile,
    });
    offset = arrayOffset + arrayBytes;
    if (!endsFile) return;
    fileBytes.push(offset + 1);
    offset = 0;
  });
  return { range, regions, firstFile, fileBytes, below: closedForm.tally(range.start) };
}

/** What stands before an array, for the first bucket of a file and for others: both take the same bytes. */
interface Label {
  readonly first: string;
  readonly other: string;
  readonly bytes: number;
}

/** Labels are kept: a build's jobs have the same some thousand keys again and again. */
const labels = new Map<string, Label>();

function labelOf(key: string): Label {
  const known = labels.get(key);
  if (known) return known;
  const name = JSON.stringify(key);
  const label = { first: `{${name}:`, other: `,${name}:`, bytes: Buffer.byteLength(name) + 2 };
  labels.set(key, label);
  return label;
}
