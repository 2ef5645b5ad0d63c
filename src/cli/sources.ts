import { lookupTooLong } from '../errors.js';
import { MAX_LOOKUP_WORK, STREAM_BLOCK_BYTES } from '../limits.js';
import type { WholeNumber } from '../range/whole-number.js';
import type { SourceOptions } from './lookup-options.js';
import { formatBound } from '../format.js';

/** A digit adds at most 9 steps, or one where it is a zero at the end. */
const MAX_STEPS_PER_DIGIT = 10;

/** Where a number stands; a range has no files. */
export interface Place {
  readonly signature: string;
  readonly index: WholeNumber;
  readonly file?: string;
  readonly offset?: number;
}

/** What answers: a table set or the closed form. */
export interface Source {
  /** How messages name it. */
  readonly name: string;
  /** The folder that files are in. */
  readonly folder?: string;
  /** What buckets hold in place of their numbers, where they do: then only `count` and `valueText` answer. */
  readonly aggregate?: string;
  /** A bucket's value as JSON text. Throws USAGE where there is none, or one for each job. */
  valueText?(signature: string): string | undefined;
  count(signature: string): WholeNumber;
  at(signature: string, index: bigint): WholeNumber | undefined;
  find(n: bigint): Place | undefined;
  /** What `limit` numbers of a bucket add up to, where that is known without going through them. */
  sum?(signature: string, from: bigint, limit: bigint): WholeNumber;
  /** Numbers of a bucket, each followed by a line feed. */
  readText(signature: string, from: bigint, limit: bigint): AsyncIterable<Buffer>;
  close(): void;
}

/** Opens what `options` name. Throws TABLES for a table set that is absent, incomplete or damaged. */
export async function openSource({ tables, range }: SourceOptions): Promise<Source> {
  if (range === undefined) return await openTableSource(tables);
  const { closedForm } = await import('../signatures/closed-form.js');
  const buckets = closedForm(range);
  const digits = String(range.end).length;
  return {
    name: `the range ${formatBound(range.start)}..${formatBound(range.end)}`,
    count: (signature) => {
      refuseLongLookup(signature, digits);
      return buckets.count(signature);
    },
    at: (signature, index) => buckets.at(signature, index),
    find: (n) => {
      if (!buckets.has(n)) return undefined;
      const signature = buckets.signatureOf(n);
      refuseLongLookup(signature, String(n).length);
      const index = buckets.indexOf(n);
      return index === undefined ? undefined : { signature, index };
    },
    sum: (signature, from, limit) => buckets.sum(signature, { from, limit }),
    readText: (signature, from, limit) => toBlocks(buckets.members(signature, { from, limit })),
    close: () => {},
  };
}

/** Throws USAGE for what would take minutes or all memory: the work is the square of the digits times the digit sum. */
function refuseLongLookup(signature: string, digits: number): void {
  // The steps are one more than the digit sum, or than that and the zeros behind it.
  const digitSum = Number(signature.slice(0, -2)) - 1;
  const isThere = digitSum > 0 && digitSum <= MAX_STEPS_PER_DIGIT * digits;
  if (!isThere || digits ** 2 * digitSum <= MAX_LOOKUP_WORK) return;
  throw lookupTooLong(signature, digits, Math.floor(Math.sqrt(MAX_LOOKUP_WORK / digitSum)));
}

async function openTableSource(folder: string): Promise<Source> {
  const { openTables } = await import('../tables/reader.js');
  const tables = await openTables(folder);
  return {
    name: `the table set in ${folder}`,
    folder,
    ...(tables.aggregate !== undefined && { aggregate: tables.aggregate }),
    valueText: (signature) => tables.valueText(signature),
    count: (signature) => tables.count(signature),
    at: (signature, index) => tables.at(signature, index),
    find: (n) => tables.find(n),
    async *readText(signature, from, limit) {
      for await (const { text } of tables.readText(signature, { from, limit })) yield text;
    },
    close: () => tables.close(),
  };
}

// eslint-disable-next-line @typescript-eslint/require-await -- the other source waits for the disk
async function* toBlocks(numbers: Iterable<WholeNumber>): AsyncGenerator<Buffer> {
  let text = '';
  let blockBytes = STREAM_BLOCK_BYTES >> 8; // the first lines come at once, for `| head`
  for (const n of numbers) {
    text += `${n}\n`;
    if (text.length < blockBytes) continue;
    yield Buffer.from(text);
    text = '';
    blockBytes = STREAM_BLOCK_BYTES;
  }
  yield Buffer.from(text);
}
