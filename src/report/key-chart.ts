import { REPORT_BARS, REPORT_NAMED_BARS, REPORT_RANKS } from '../limits.js';
import type { Bin, BinsChart, KeysChart, Measure, RanksChart } from './report-data.js';
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

function chartBins(keys: Float64Array, amounts: Float64Array, measure: Measure): BinsChart {
  const least = keys.reduce((a, b) => Math.min(a, b), Infinity);
  const greatest = keys.reduce((a, b) => Math.max(a, b), -Infinity);
  const isLog = least > 0 && greatest / least >= LOG_RATIO;
  const [scale, unscale] = isLog ? [Math.log, Math.exp] : [(x: number) => x, (x: number) => x];
  const width = (scale(greatest) - scale(least)) / REPORT_BARS;
  const bins = Array.from({ length: REPORT_BARS }, (_, i) => ({
    from: i === 0 ? least : unscale(scale(least) + i * width),
    to: i === REPORT_BARS - 1 ? greatest : unscale(scale(least) + (i + 1) * width),
    ...{ buckets: 0, amount: 0, low: Infinity, high: -Infinity },
  }));
  keys.forEach((key, i) => {
    const place = Math.min(REPORT_BARS - 1, Math.floor((scale(key) - scale(least)) / width));
    addTo(bins[place]!, amounts[i]!);
  });
  return { kind: 'bins', measure, isLog, bins: bins.map((bin) => finishBin(bin, measure)) };
}

type OpenBin = { -readonly [name in keyof Bin]: Bin[name] };

function addTo(bin: OpenBin, amount: number): void {
  bin.buckets += 1;
  bin.amount += amount;
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
