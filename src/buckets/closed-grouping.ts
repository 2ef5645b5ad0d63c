import type { Aggregate } from '../aggregates/aggregate.js';
import { encodeNumeric } from '../aggregates/numeric-cell.js';
import type { Range } from '../range/range.js';
import { listClosedValues } from '../signatures/closed-values.js';
import type { ClosedForm } from '../signatures/signature.js';
import type { GroupedSlice, SliceBuckets, SliceSource } from './grouping.js';
import { KeyBook } from './grouping-keys.js';
import { BucketOrder } from './grouping-order.js';

/**
 * Groups numbers into values by the closed form: a slice is all that is asked for, however many numbers that are, up to 2^53. The
 * aggregate must be a closed one.
 */
export class ClosedGrouping implements SliceSource {
  readonly aggregate: Aggregate;
  readonly #closedForm: ClosedForm;

  constructor(closedForm: ClosedForm, aggregate: Aggregate) {
    this.#closedForm = closedForm;
    this.aggregate = aggregate;
  }

  /** Groups the numbers of `part`. */
  group(part: Range): GroupedSlice {
    const keys = new KeyBook(Infinity, Infinity);
    const [counts, firsts, lasts]: [number[], number[], number[]] = [[], [], []];
    const column = this.aggregate.createColumn();
    for (const { key, count, first, last, value } of listClosedValues(
      this.#closedForm,
      this.aggregate.name,
      part,
    )) {
      const bucket = keys.find(key);
      counts.push(Number(count));
      firsts.push(Number(first - part.start));
      lasts.push(Number(last - part.start));
      column.open(bucket);
      column.absorb(bucket, encodeNumeric(value), value);
    }
    const buckets: SliceBuckets = {
      column,
      order: new BucketOrder(),
      countOf: (bucket) => counts[bucket]!,
      firstOf: (bucket) => firsts[bucket]!,
      lastOf: (bucket) => lasts[bucket]!,
    };
    return { range: part, keys, buckets };
  }
}
