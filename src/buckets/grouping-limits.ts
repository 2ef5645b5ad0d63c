import type { Aggregate } from '../aggregates/aggregate.js';
import {
  AGGREGATE_SLICE_KEY_BYTES,
  AGGREGATE_SLICE_KEYS,
  GROUPED_SLICE_MAX,
  GROUPED_SLICE_NUMBERS,
  MAX_PARTITIONS,
  PARTITION_BYTES_PER_KEY,
  PARTITION_NUMBERS_MIN,
  SLICE_BYTES_PER_KEY,
  SLICE_BYTES_PER_NUMBER,
  SLICE_COPIES_OF_KEYS,
  SPOOL_BLOCK_BYTES,
} from '../limits.js';
import type { Range } from '../range/range.js';

/** Where a slice ends at the latest: at so many numbers, keys, or bytes of keys. */
export interface SliceLimits {
  readonly numbers: number;
  readonly keys: number;
  readonly keyBytes: number;
}

/** Bounds of slices are multiples of 1, 2 or 5 times a power of ten. */
const ROUND_STEPS = [5, 2, 1];

/**
 * The limits of slices with which grouping, and later placing, stays within `budgetBytes`, whatever the keys. For an
 * aggregate other than `list` they are the same for every budget, since sums of fractions depend on them.
 */
export function sliceLimitsFor(budgetBytes: number, range: Range, aggregate: Aggregate): SliceLimits {
  if (!aggregate.keepsNumbers) {
    const numbers = GROUPED_SLICE_NUMBERS;
    return { numbers, keys: AGGREGATE_SLICE_KEYS, keyBytes: AGGREGATE_SLICE_KEY_BYTES };
  }
  // When it is placed, a slice's part of a single bucket is in memory twice.
  const textBytes = 2 * (range.end.toString().length + 1);
  const perNumber = Math.max(SLICE_BYTES_PER_NUMBER, textBytes);
  const numbers = roundDown(Math.min(GROUPED_SLICE_NUMBERS, budgetBytes / 4 / perNumber));
  return { numbers, ...keyLimits(budgetBytes - numbers * SLICE_BYTES_PER_NUMBER - SPOOL_BLOCK_BYTES) };
}

/**
 * The limits with which a job is one slice whose whole table is in memory, as the layout `job` needs it. What does not
 * fit is only seen when its keys are known.
 */
export function tableLimitsFor(budgetBytes: number, range: Range, aggregate: Aggregate): SliceLimits {
  const textBytes = aggregate.keepsNumbers ? range.end.toString().length + 1 : 0;
  const perNumber = SLICE_BYTES_PER_NUMBER + textBytes;
  const numbers = Math.floor(Math.min(GROUPED_SLICE_MAX, budgetBytes / 2 / perNumber));
  return { numbers: Math.max(1, numbers), ...keyLimits(budgetBytes / 2) };
}

/** How many partitions a build of so many numbers needs, so that each fits `budgetBytes` with every number its own key. */
export function partitionsFor(numbers: bigint, budgetBytes: number): number {
  // Half of the budget is for the texts that are being placed.
  const keys = BigInt(Math.max(1, Math.floor(budgetBytes / 2 / PARTITION_BYTES_PER_KEY)));
  const perPartition = keys > PARTITION_NUMBERS_MIN ? keys : PARTITION_NUMBERS_MIN;
  const needed = (numbers + perPartition - 1n) / perPartition;
  const useful = numbers / PARTITION_NUMBERS_MIN;
  // More than a handful, so that all CPUs have some to do.
  const wanted = needed > 16n ? needed : useful < 16n ? useful : 16n;
  return Number(wanted < 1n ? 1n : wanted > BigInt(MAX_PARTITIONS) ? BigInt(MAX_PARTITIONS) : wanted);
}

/** Two thirds for the keys themselves, one third for their bytes. */
function keyLimits(bytes: number): { keys: number; keyBytes: number } {
  const keys = Math.floor((bytes * 2) / 3 / SLICE_BYTES_PER_KEY);
  const keyBytes = Math.floor(bytes / 3 / SLICE_COPIES_OF_KEYS);
  return { keys: Math.max(1, keys), keyBytes: Math.max(1, keyBytes) };
}

function roundDown(numbers: number): number {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, numbers))));
  return power * (ROUND_STEPS.find((step) => step * power <= numbers) ?? 1);
}
