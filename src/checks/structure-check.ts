import { LIST } from '../aggregates/open-aggregate.js';
import {
  bucketNotAscending,
  bucketOtherwise,
  bucketUnnamed,
  numberOfOtherKey,
  numberOutsideRange,
  valueMalformed,
} from '../errors.js';
import type { Range } from '../range/range.js';
import { toWholeNumber, type WholeNumber } from '../range/whole-number.js';
import type { ManifestBucket } from '../tables/manifest.js';
import { cutNumbers, NumberMisplaced, visitNumbers } from '../tables/number-text.js';
import type { TablePiece, TableStream } from '../tables/table-stream.js';
import type { Problem } from './array-check.js';
import { addSums, sumUpBucket, type BucketFacts, type SumKind } from './bucket-sums.js';
import { describeDifference, describeNumber, describeProblem, Found, isJson } from './structure-problems.js';

/** What tables are held against. */
export interface StructureRules extends SumKind {
  /** The bucket of this key, as the manifest has it; absent where the buckets are in a list of their own. */
  readonly findBucket?: ((key: string) => ManifestBucket | undefined) | undefined;
  /** The key of a number, null for none; absent where the signature's code is not there. Throws a PlugInError. */
  readonly keyOf?: ((n: WholeNumber) => string | null) | undefined;
}

/** What a sound table comes to. */
export interface CheckedTable {
  /** See `sumUpBucket`. */
  readonly sum: bigint;
}

/** A bucket as far as it has been read. */
interface OpenBucket {
  readonly key: string;
  readonly offset: number;
  bytes: number;
  /** A bigint where the table itself says it. */
  count: number | bigint;
  first: WholeNumber;
  last: WholeNumber;
}

/** Checks a table file by what can be said of it without a closed form: its text, order, bounds, and what the manifest says of its buckets. */
export class StructureCheck {
  readonly #rules: StructureRules;
  /** What the file's numbers lie in. */
  readonly #range: Range;
  readonly #ofLists: boolean;
  #sum = 0n;
  /** The first number of the bucket before. */
  #firstBefore: WholeNumber = -1;

  constructor(rules: StructureRules, range: Range) {
    this.#rules = rules;
    this.#range = range;
    this.#ofLists = rules.aggregate === LIST;
  }

  /** What the table comes to, or its first problem. Throws a PlugInError, and what the system throws. */
  check(stream: TableStream): CheckedTable | { readonly problem: Problem } {
    try {
      let open: OpenBucket | undefined;
      for (const piece of stream.pieces(this.#ofLists)) {
        if (piece.isFirst || !open) open = beginBucket(piece, this.#ofLists);
        if (this.#ofLists) this.#checkNumbers(open, piece);
        else this.#checkValue(open, piece);
        if (piece.isLast) this.#endBucket(open);
      }
      return { sum: this.#sum };
    } catch (error) {
      const problem = describeProblem(error);
      if (!problem) throw error;
      return { problem };
    }
  }

  #checkNumbers(bucket: OpenBucket, { text, offset }: TablePiece): void {
    const { start, end } = this.#range;
    try {
      cutNumbers(
        text,
        bucket.last,
        (n) => (n < end ? end : Infinity),
        (run) => {
          const isOutside = run.first < start || run.first >= end;
          if (isOutside)
            throw new Found({
              offset: offset + run.from,
              what: numberOutsideRange(String(run.first), this.#range),
            });
          if (bucket.count === 0) this.#openAt(bucket, run.first, offset);
          bucket.count = Number(bucket.count) + run.count;
          bucket.last = run.last;
        },
      );
    } catch (error) {
      throw error instanceof NumberMisplaced ? new Found(describeNumber(error, text, offset)) : error;
    }
    bucket.bytes += text.length + 1;
    if (this.#rules.keyOf) this.#checkKeys(bucket, this.#rules.keyOf, text, offset);
  }

  #openAt(bucket: OpenBucket, first: WholeNumber, offset: number): void {
    if (first <= this.#firstBefore) throw new Found({ offset, what: bucketNotAscending(bucket.key) });
    this.#firstBefore = first;
    bucket.first = first;
  }

  #checkKeys(
    { key }: OpenBucket,
    keyOf: (n: WholeNumber) => string | null,
    text: Uint8Array,
    offset: number,
  ): void {
    visitNumbers(text, (n, at) => {
      const found = keyOf(n);
      if (found !== key)
        throw new Found({ offset: offset + at, what: numberOfOtherKey(String(n), found ?? undefined, key) });
    });
  }

  #checkValue(bucket: OpenBucket, { text, offset }: TablePiece): void {
    const value = Buffer.from(text.buffer, text.byteOffset, text.length).toString();
    if (!isJson(value)) throw new Found({ offset, what: valueMalformed(value) });
    bucket.bytes = text.length;
    if (this.#rules.aggregate !== 'count') return;
    if (!/^[1-9]\d*$/.test(value)) throw new Found({ offset, what: valueMalformed(value) });
    bucket.count = BigInt(value);
  }

  #endBucket(bucket: OpenBucket): void {
    const { layout, findBucket } = this.#rules;
    const facts = describeFacts(bucket, layout === 'job');
    if (findBucket) {
      const named = findBucket(bucket.key);
      if (!named) throw new Found({ offset: bucket.offset, what: bucketUnnamed(bucket.key) });
      const difference = layout === 'job' ? this.#compareBounds(facts, named) : this.#compare(facts, named);
      if (difference !== undefined)
        throw new Found({ offset: bucket.offset, what: bucketOtherwise(bucket.key, difference) });
    }
    this.#sum = addSums(this.#sum, sumUpBucket(this.#rules, facts));
  }

  /** What of a whole bucket the manifest says otherwise. */
  #compare(found: BucketFacts, named: ManifestBucket): string | undefined {
    const shown: readonly (keyof BucketFacts)[] = this.#ofLists
      ? ['offset', 'count', 'bytes', 'first', 'last']
      : this.#rules.aggregate === 'count'
        ? ['offset', 'count', 'bytes']
        : ['offset', 'bytes'];
    const wrong = shown.find((name) => found[name] !== named[name]);
    if (wrong !== undefined) return describeDifference(wrong, found[wrong], named[wrong]);
    return this.#ofLists ? undefined : this.#compareKeys(named);
  }

  /** Of a bucket's value, its first and last number can be looked at. */
  #compareKeys({ key, first, last }: ManifestBucket): string | undefined {
    const { keyOf } = this.#rules;
    const wrong = keyOf && [first, last].find((n) => keyOf(toWholeNumber(n)) !== key);
    return wrong === undefined ? undefined : `its number ${wrong} has another signature`;
  }

  /** Of a bucket's part in the file of a job, whether it reaches from the first number and to the last, where they are there. */
  #compareBounds(found: BucketFacts, named: ManifestBucket): string | undefined {
    if (!this.#ofLists) return undefined;
    const { start, end } = this.#range;
    if (found.first < named.first || (named.first >= start && found.first !== named.first))
      return describeDifference('first', found.first, named.first);
    if (found.last > named.last || (named.last < end && found.last !== named.last))
      return describeDifference('last', found.last, named.last);
    return undefined;
  }
}

function beginBucket({ key, offset }: TablePiece, ofLists: boolean): OpenBucket {
  return {
    key: Buffer.from(key.buffer, key.byteOffset, key.length).toString(),
    offset: ofLists ? offset - 1 : offset,
    bytes: 0,
    count: 0,
    first: 0,
    last: -1,
  };
}

/** As a manifest counts them: an array has one bracket more than separators; of those in many files, the last one does not count. */
function describeFacts({ key, offset, bytes, count, first, last }: OpenBucket, isPart: boolean): BucketFacts {
  const isList = bytes > 0 && last !== -1;
  return {
    key,
    offset: BigInt(offset),
    bytes: BigInt(bytes + (isList && !isPart ? 1 : 0)),
    count: BigInt(count),
    first: BigInt(first),
    last: BigInt(last),
  };
}
