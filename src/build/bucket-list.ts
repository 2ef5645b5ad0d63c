import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BUCKET_SORT_BYTES, LIST_BLOCK_BYTES, MANIFEST_MAX_BUCKETS, RUN_BLOCK_BYTES } from '../limits.js';
import { crc32 } from '../tables/crc32.js';
import { syncFolder, writeFileDurably } from '../tables/durable.js';
import {
  encodeBucket,
  type ManifestBucket,
  type ManifestFile,
  type ManifestHead,
} from '../tables/manifest.js';
import { encodeRemainderLine, type Remainder } from '../tables/remainders.js';
import { mergeLines, SortedLines } from './sorted-lines.js';
import { BUCKET_LIST_FILE, REMAINDERS_FILE } from './spooled-names.js';

/** Where a list of buckets is made, and with what. */
export interface ListingOptions {
  /** The output folder. */
  readonly out: string;
  /** For what is too much for the memory; on the same disk. */
  readonly spoolFolder: string;
  /** Have the list on the disk when it is done. */
  readonly sync: boolean;
  /** What may be used of the memory. */
  readonly budgetBytes: number;
}

/** The buckets as a manifest has them: in its own list, or as a file of their own, which is then one of the set's. */
export interface ListedBuckets extends Pick<ManifestHead, 'bucketList'> {
  readonly buckets: Iterable<ManifestBucket>;
  /** The file of the list, to stand behind the table files; none where the manifest lists the buckets. */
  readonly listFiles: readonly ManifestFile[];
}

/**
 * Gives `count` buckets to the manifest; where they are more than `maxBuckets`, it writes them to a file instead. Throws what
 * writing throws, and a SpoolDamaged.
 */
export async function listBuckets(
  options: ListingOptions,
  buckets: Iterable<ManifestBucket>,
  count: number,
  maxBuckets = MANIFEST_MAX_BUCKETS,
): Promise<ListedBuckets> {
  if (count <= maxBuckets) return { buckets, listFiles: [] };
  const file = await writeSortedLines(options, BUCKET_LIST_FILE, mapLines(buckets, encodeBucket));
  return { buckets: [], listFiles: [file], bucketList: { file: file.file, count: BigInt(count) } };
}

/** Writes what sums were rounded by to a file of their own. Throws as `listBuckets` does. */
export function writeRemainders(
  options: ListingOptions,
  remainders: Iterable<Remainder>,
): Promise<ManifestFile> {
  return writeSortedLines(options, REMAINDERS_FILE, mapLines(remainders, encodeRemainderLine));
}

function* mapLines<T>(items: Iterable<T>, encode: (item: T) => string): Generator<string> {
  for (const item of items) yield encode(item);
}

/**
 * Writes `lines`, in any order, to the file `name` of the output folder, sorted by their bytes. What does not fit into
 * the memory at once is sorted in portions, which are merged. Throws as `listBuckets` does.
 */
export async function writeSortedLines(
  { out, spoolFolder, sync, budgetBytes }: ListingOptions,
  name: string,
  unsorted: Iterable<string>,
): Promise<ManifestFile> {
  const portionBytes = Math.min(BUCKET_SORT_BYTES, budgetBytes);
  const portions: SortedLines[] = [];
  for (const lines of cutPortions(unsorted, portionBytes)) {
    const portion = new SortedLines(join(spoolFolder, `list-${portions.length}`));
    await portion.write(lines);
    portions.push(portion);
  }
  // A block of each portion is in memory, as text and as lines.
  const room = Math.floor(portionBytes / 3 / Math.max(1, portions.length));
  const blockBytes = Math.max(RUN_BLOCK_BYTES, Math.min(LIST_BLOCK_BYTES, room));
  const sums = { bytes: 0, crc: 0 };
  const blocks = sumUp(mergeLines(portions.map((portion) => portion.read(blockBytes))), sums);
  const [spooled, file] = [join(spoolFolder, name), join(out, name)];
  await writeFileDurably(spooled, blocks, { sync });
  for (const { path } of portions) await rm(path, { force: true });
  await rename(spooled, file);
  if (sync) await syncFolder(out);
  return { file: name, bytes: BigInt(sums.bytes), crc32: sums.crc };
}

/** The lines in portions of some `portionBytes`; a list is valid until the next one is asked for. */
function* cutPortions(unsorted: Iterable<string>, portionBytes: number): Generator<string[]> {
  const lines: string[] = [];
  let bytes = 0;
  for (const text of unsorted) {
    const line = toByteText(text);
    lines.push(line);
    bytes += line.length + 1;
    if (bytes < portionBytes) continue;
    yield lines;
    lines.length = 0;
    bytes = 0;
  }
  if (lines.length > 0) yield lines;
}

/** A character for each byte: compared as texts, these are compared by bytes. */
function toByteText(line: string): string {
  return Buffer.byteLength(line) === line.length ? line : Buffer.from(line).toString('latin1');
}

/** The lines, each with its line feed, in blocks; `sums` tells of those that have been asked for. */
function* sumUp(lines: Iterable<string>, sums: { bytes: number; crc: number }): Generator<Buffer> {
  let text = '';
  const take = (): Buffer => {
    const block = Buffer.from(text, 'latin1');
    sums.bytes += block.length;
    sums.crc = crc32(block, sums.crc);
    text = '';
    return block;
  };
  for (const line of lines) {
    text += `${line}\n`;
    if (text.length >= LIST_BLOCK_BYTES) yield take();
  }
  if (text !== '') yield take();
}
