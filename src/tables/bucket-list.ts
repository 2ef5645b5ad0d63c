import { LineList, type LineFile } from './line-list.js';
import { readBucket } from './manifest-quick.js';
import type { ManifestBucket, ManifestHead } from './manifest.js';
import type { TableFiles } from './table-files.js';

/** The buckets of a table set in a file of their own. */
export class BucketList extends LineList<ManifestBucket> {
  readonly #isWhole: boolean;
  readonly #sizeOf: (file: string) => bigint | undefined;

  /** `bytesOf` says how large a file of the table set is. */
  constructor(
    lines: LineFile,
    layout: ManifestHead['layout'],
    files: TableFiles,
    bytesOf: (file: string) => bigint | undefined,
  ) {
    super(lines, files, bytesOf);
    this.#isWhole = layout !== 'job';
    this.#sizeOf = bytesOf;
  }

  protected override read(value: unknown): ManifestBucket {
    return readBucket(value);
  }

  protected override findFault({ file, offset = 0n, bytes }: ManifestBucket): string | undefined {
    const size = file === undefined ? undefined : this.#sizeOf(file);
    const isInPlace = this.#isWhole ? size !== undefined && offset + bytes <= size : file === undefined;
    return isInPlace ? undefined : 'a bucket that does not lie in its file';
  }
}
