import { listAggregate } from '../aggregates/open-aggregate.js';
import { FRAGMENT_MARGIN_BYTES } from '../limits.js';
import { splitIntoJobs, type Jobs } from '../range/jobs.js';
import type { Range } from '../range/range.js';
import { crc32 } from '../tables/crc32.js';
import type { FragmentSource, TakeFragment } from './fragment.js';
import { Grouping, type KeyFunction, type Progress } from './grouping.js';
import type { SliceLimits } from './grouping-limits.js';
import { NumberText } from './grouping-text.js';

/** The fragments of a signature that has a closed form, found by calling its `keyOf` for each number. */
export class GroupedFragments implements FragmentSource {
  readonly #grouping: Grouping;
  readonly #numbers: number;
  readonly #text = new NumberText();
  #buffer = new Uint8Array(0);

  constructor(signature: KeyFunction, limits: SliceLimits, progress?: Progress) {
    this.#numbers = limits.numbers;
    // A bucket has one fragment per slice: a slice has to be grouped whole, however many keys there are.
    const whole = { numbers: limits.numbers, keys: Infinity, keyBytes: Infinity };
    this.#grouping = new Grouping(signature, listAggregate, whole, progress);
  }

  slicesOf(job: Range): Jobs {
    return splitIntoJobs(job, BigInt(this.#numbers));
  }

  forEach(slice: Range, take: TakeFragment): void {
    const { keys, buckets } = this.#grouping.group(slice);
    this.#text.begin(slice.start, Number(slice.end - slice.start));
    const { offsets, starts } = buckets.order;
    for (let bucket = 0; bucket < keys.count; bucket++) {
      const view = this.#reserve(buckets.countOf(bucket) * this.#text.width);
      const start = FRAGMENT_MARGIN_BYTES;
      const end = this.#text.write(offsets, starts[bucket]!, starts[bucket + 1]!, view, start) - 1;
      const crc = crc32(this.#buffer.subarray(start, end));
      take(keys.textOf(bucket), { buffer: this.#buffer, start, end, crc });
    }
  }

  #reserve(bytes: number): DataView {
    const needed = bytes + 2 * FRAGMENT_MARGIN_BYTES;
    if (this.#buffer.length < needed) this.#buffer = new Uint8Array(2 * needed);
    return new DataView(this.#buffer.buffer);
  }
}
