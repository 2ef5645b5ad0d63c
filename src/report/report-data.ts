// What a report's page is made from. All of it is bounded, whatever the table set, and all of it is text or small
// numbers, since JSON carries it into the page: whole numbers are decimal strings there.

/** What the page carries. */
export interface ReportData {
  /** In decimal; the end is not included. */
  readonly range: { readonly start: string; readonly end: string };
  /** How many numbers all buckets hold. */
  readonly numbers: string;
  readonly chart: ReportChart;
}

export type ReportChart = StepsChart | KeysChart | BinsChart | RanksChart;

/** What is drawn of each bucket: how many numbers it has, or its value. */
export type Measure = 'numbers' | 'value';

/** Buckets of the reduced signature: steps across, last two digits down. */
export interface StepsChart {
  readonly kind: 'steps';
  /** Steps of the first column, and how many step counts share a column. */
  readonly firstSteps: number;
  readonly stepsPerColumn: number;
  readonly columns: number;
  /** Ascending by the last two digits; `counts` is an index into the lists. */
  readonly rows: readonly { readonly last: number; readonly counts: number }[];
  /** The counts of rows, each once, as many rows have equal ones: a number per column, separated by spaces, 0 for no bucket. */
  readonly lists: readonly string[];
}

/** A bar for each bucket: in the order of the keys where those are numbers, else the largest first. */
export interface KeysChart {
  readonly kind: 'keys';
  readonly measure: Measure;
  readonly areNumbers: boolean;
  readonly bars: readonly { readonly key: string; readonly amount: string }[];
}

/** Keys that are numbers, too many for a bar each. */
export interface BinsChart {
  readonly kind: 'bins';
  readonly measure: Measure;
  /** Whether the bins are equally wide in the logarithm. */
  readonly isLog: boolean;
  /** Whether the keys are whole numbers, and as many of them belong to each bin. */
  readonly isWhole: boolean;
  readonly bins: readonly Bin[];
}

export interface Bin {
  /** The least key that may be in it, and one that is no longer; in the last one it is, unless the chart is of whole ones. */
  readonly from: number;
  readonly to: number;
  /** How many buckets; the others are of no meaning where it is 0. */
  readonly buckets: number;
  /** The sum of the counts; of values the mean. */
  readonly amount: number;
  readonly low: number;
  readonly high: number;
}

/** Sizes or values, the largest first, of buckets that are too many for a bar each. */
export interface RanksChart {
  readonly kind: 'ranks';
  readonly measure: Measure;
  /** Some of the ranks, from 1 on, ascending; the first and the last among them. */
  readonly points: readonly { readonly rank: number; readonly amount: number }[];
}

/** A bucket in a list of the page. */
export interface ListedBucket {
  /** As it can be shown. */
  readonly key: string;
  readonly count: bigint;
  readonly first: bigint;
  readonly last: bigint;
  /** As it can be shown; absent where buckets hold their numbers. */
  readonly value?: string;
}

/** All that a report says of a table set. */
export interface ReportContent {
  readonly data: ReportData;
  /** Names and values, as they can be shown. */
  readonly facts: readonly (readonly [string, string])[];
  readonly heading: string;
  readonly introduction: string;
  /** By numbers, or by value where there are values that are numbers. */
  readonly measure: Measure;
  readonly largest: readonly ListedBucket[];
  readonly smallest: readonly ListedBucket[];
}
