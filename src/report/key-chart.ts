import { REPORT_BARS, REPORT_NAMED_BARS, REPORT_RANKS } from '../limits.js';
import type { Bin, BinsChart, KeysChart, Measure, RanksChart } from './report-data.js';
import { toDrawable } from './long-number.js';
import { toShownText } from './shown-text.js';
import type { SizedBucket, Survey } from './survey.js';

/** From this ratio of the greatest key to the least on, equal bins would leave most keys in the first one. */
const LOG_RATIO = 1e6;
const BAR_TEXT_CHARS = 24;

/** How the buckets of a signature without axes of its own are drawn: along the key where keys are numbers, else by rank. */
export function chartKeys(
  survey: Survey,
  buckets: () => Iterable<SizedBucket>,
  amountOf: (bucket: SizedBucket) => number | bigint,
  measure: Measure,
): KeysChart | BinsChart | RanksChart {
  const areNumbers = survey.keys !== undefined;
  if (survey.buckets <= (areNumbers ? REPORT_BARS : REPORT_NAMED_BARS))
    return { kind: 'keys', measure, areNumbers, bars: listBars([...buckets()], areNumbers, amountOf) };
  if (survey.keys) return chartBins(survey.keys, survey.amounts, measure);
  return { kind: 'ranks', measure, points: rankAmounts(survey.amounts) };
}

function listBars(
  buckets: SizedBucket[],
  areNumbers: boolean,
  amountOf: (bucket: SizedBucket) => number | bigint,
): KeysChart['bars'] {
  const bars = buckets.map((bucket) => ({ bucket, amount: amountOf(bucket) }));
  bars.sort((a, b) =>
    areNumbers ? Number(a.bucket.key) - Number(b.bucket.key) : compare(b.amount, a.amount),
  );
  return bars.map(({ bucket, amount }) => ({
    key: toShownText(bucket.key, BAR_TEXT_CHARS),
    amount: String(amount),
  }));
}

function compare(a: number | bigint, b: number | bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Bins of equal width, also in the number of keys where those are whole: else some would hold one more by chance alone. */
function chartBins(keys: Float64Array, amounts: Float64Array, measure: Measure): BinsChart {
  const least = keys.reduce((a, b) => Math.min(a, b), Infinity);
  const greatest = keys.reduce((a, b) => Math.max(a, b), -Infinity);
  const isLog = least > 0 && greatest / LOG_RATIO >= least;
  const isWhole = !isLog && keys.every(Number.isSafeInteger);
  const cut = isWhole
    ? cutWhole(least, greatest)
    : isLog
      ? cutLog(least, greatest)
      : cutEvenly(least, greatest);
  const bins = Array.from({ length: cut.count }, (_, i) => ({
    ...{ from: cut.edge(i), to: cut.edge(i + 1) },
    ...{ buckets: 0, amount: 0, low: Infinity, high: -Infinity },
  }));
  keys.forEach((key, i) => {
    const place = Math.min(cut.count - 1, Math.max(0, Math.floor(cut.place(key))));
    addTo(bins[place]!, amounts[i]!);
  });
  return { kind: 'bins', measure, isLog, isWhole, bins: bins.map((bin) => finishBin(bin, measure)) };
}

interface Cut {
  readonly count: number;
  /** Where the bin begins that has this index. */
  edge(index: number): number;
  /** The index of the bin, with a fraction. */
  place(key: number): number;
}

function cutWhole(least: number, greatest: number): Cut {
  const width = Math.ceil((greatest - least + 1) / REPORT_BARS);
  const count = Math.ceil((greatest - least + 1) / width);
  return { count, edge: (i) => least + i * width, place: (key) => (key - least) / width };
}

function cutEvenly(least: number, greatest: number): Cut {
  // Halves first: the difference of the two may pass what a number can be.
  const width = greatest / REPORT_BARS - least / REPORT_BARS || 1;
  const edge = (i: number): number => (i === REPORT_BARS ? greatest : least + i * width);
  return { count: REPORT_BARS, edge, place: (key) => key / width - least / width };
}

function cutLog(least: number, greatest: number): Cut {
  const width = (Math.log(greatest) - Math.log(least)) / REPORT_BARS;
  const edge = (i: number): number => (i === REPORT_BARS ? greatest : Math.exp(Math.log(least) + i * width));
  return { count: REPORT_BARS, edge, place: (key) => (Math.log(key) - Math.log(least)) / width };
}

type OpenBin = { -readonly [name in keyof Bin]: Bin[name] };

function addTo(bin: OpenBin, amount: number): void {
  bin.buckets += 1;
  bin.amount = toDrawable(bin.amount + amount);
  bin.low = Math.min(bin.low, amount);
  bin.high = Math.max(bin.high, amount);
}

/** JSON has no infinite numbers. */
function finishBin(bin: OpenBin, measure: Measure): Bin {
  if (bin.buckets === 0) return { ...bin, low: 0, high: 0 };
  return measure === 'value' ? { ...bin, amount: bin.amount / bin.buckets } : bin;
}

/** Ranks as far apart as they are on a logarithmic axis, which shows the few large ones and the many small ones. */
function rankAmounts(amounts: Float64Array): RanksChart['points'] {
  const sorted = Float64Array.from(amounts).sort().reverse();
  const last = sorted.length;
  const ranks = new Set<number>();
  for (let i = 0; i <= REPORT_RANKS; i++) ranks.add(Math.round(last ** (i / REPORT_RANKS)));
  return [...ranks].map((rank) => ({ rank, amount: sorted[rank - 1]! }));
}
