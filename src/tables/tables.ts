import type { WholeNumber } from '../range/whole-number.js';
import type { MemberSelection } from '../signatures/closed-form.js';
import type { JsonValue } from './exact-json.js';
import type { Manifest } from './manifest.js';
import type { MemberBlock } from './member-blocks.js';
import { parseDigits } from './piece-reader.js';

/** Where a number stands in a table set. */
export interface FoundNumber {
  readonly signature: string;
  /** Its index, from 0 on, among the numbers with this signature. */
  readonly index: WholeNumber;
  /** The name of its file in the table set's folder; in a sharded set behind that of the shard's folder and a slash. */
  readonly file: string;
  /** Where its digits begin in the file, in bytes. */
  readonly offset: number;
}

/** How a table set is opened. */
export interface OpenOptions {
  /** Table files held open at once; 8192, or half of what the process may open, unless given. */
  readonly maxOpenFiles?: number;
}

/**
 * An open table set. Numbers are given as `number` up to 2^53 − 1 and as `bigint` above; either is taken, and a fraction
 * or an unsafe `number` is a RangeError. An index is a place in a file: what is asked for is read, never a whole file,
 * and checked on the way. All methods throw a SigtablesError: TABLES, naming file and byte, where a file is gone, has
 * changed in size, or does not hold what it must; IO where the system refuses; USAGE after `close()`.
 *
 * A table set of `--aggregate` holds one value for each signature instead of a list of numbers. `value` and `valueText` read
 * those and are a USAGE error elsewhere; what reads numbers, such as `at`, `indexOf` and `members`, is one there.
 *
 * A sharded table set answers as one set of its whole range would, except that `value` is a USAGE error where the values of
 * several shards do not make one; its shards are opened as they are needed.
 */
export interface Tables {
  /**
   * What the table set holds, by its manifest: range, layout, counts, files, buckets. Where there are more than 200,000
   * buckets, `buckets` is empty, and `bucketList` names the file that lists them. Of a sharded set `shards` lists its shards, and
   * `files` and `buckets` are empty.
   */
  readonly manifest: Manifest;

  /** What the buckets hold in place of their numbers, such as `count`; `undefined` where they hold those. */
  readonly aggregate: string | undefined;

  /**
   * All signatures of the table set, in the order of their first numbers; with a `bucketList` in that of the file. Those of a sharded
   * set are collected shard by shard.
   */
  signatures(): string[];

  /**
   * The value of a signature, as JSON has it, with bigints for whole numbers above 2^53 − 1; `undefined` for an unknown one.
   * In the layout `job` there is one in each job's file, and this is a USAGE error that names them.
   */
  value(signature: string): JsonValue | undefined;

  /** The same as its JSON text, just as it stands in the table. */
  valueText(signature: string): string | undefined;

  /**
   * The signature of a number. For the built-in signature it is computed; for others it is searched for in the tables,
   * and a RangeError tells that the number is not there.
   */
  signatureOf(n: WholeNumber): string;

  /** How many numbers have the signature; 0 for an unknown one. */
  count(signature: string): WholeNumber;

  /** The number at `index` (from 0 on) among those with the signature; `undefined` where there is none. One small read. */
  at(signature: string, index: WholeNumber): WholeNumber | undefined;

  /** The index of `n` among the numbers with its signature; `undefined` where the table set does not hold it. */
  indexOf(n: WholeNumber): WholeNumber | undefined;

  /** Whether the table set holds `n`. */
  has(n: WholeNumber): boolean;

  /** Where `n` stands: its signature, index, file and byte offset; `undefined` where the table set does not hold it. */
  find(n: WholeNumber): FoundNumber | undefined;

  /**
   * The numbers with the signature, ascending, from any index on; none for an unknown one. Read in blocks, each of them
   * checked before its first number is given.
   */
  members(signature: string, selection?: MemberSelection): AsyncGenerator<WholeNumber, void, undefined>;

  /**
   * The same as text: digits and a line feed for each number, in blocks of some 256 kB whose numbers have `width` digits.
   */
  readText(signature: string, selection?: MemberSelection): AsyncGenerator<MemberBlock, void, undefined>;

  /** Closes all files. Reading afterwards is a USAGE error. */
  close(): void;
}

/** The numbers of blocks of text, one by one. */
export async function* parseMembers(
  blocks: AsyncIterable<MemberBlock>,
): AsyncGenerator<WholeNumber, void, undefined> {
  for await (const { text, width } of blocks) {
    for (let at = 0; at < text.length; at += width + 1) {
      const value = parseDigits(text, at, at + width);
      if (value !== undefined) yield value;
    }
  }
}
