import * as Plot from '@observablehq/plot';
import type { BinsChart, RanksChart } from '../report-data.js';
import { CENTERED, makeAmountAxis } from './axes.js';
import { walkBars } from './bar-walk.js';
import { LABEL, makeBox, makeFrame, nameMeasure, type Drawing } from './key-frame.js';
import { writeExactly, writeTick } from './number-text.js';
import type { Palette } from './palette.js';

/** Amounts further apart than this are drawn on a logarithmic axis. */
const LOG_RATIO = 1000;

/** Draws buckets that are too many for a bar each, along keys that are numbers. */
export function drawBins(
  { bins, isLog, isWhole, measure }: BinsChart,
  width: number,
  palette: Palette,
): Drawing {
  const filled = bins.filter(({ buckets }) => buckets > 0);
  const [from, to] = [bins[0]!.from, bins.at(-1)!.to];
  const svg = Plot.plot({
    ...makeFrame(width, palette),
    x: {
      type: isLog ? 'log' : 'linear',
      domain: [from, to],
      label: 'key',
      ...CENTERED,
      ticks: Math.floor(width / 90),
      tickFormat: writeTick,
      tickSize: 4,
    },
    y: makeAmountAxis(measure === 'value' ? 'value, mean' : 'numbers'),
    marks: [
      Plot.rectY(filled, { x1: 'from', x2: 'to', y: 'amount', fill: palette.accent, inset: 0.25 }),
      ...(measure === 'value'
        ? [
            Plot.ruleX(filled, {
              x: ({ from: a, to: b }: { from: number; to: number }) =>
                isLog ? Math.sqrt(a * b) : (a + b) / 2,
              y1: 'low',
              y2: 'high',
              stroke: palette.muted,
              strokeOpacity: 0.6,
            }),
          ]
        : []),
      Plot.ruleY([0], { stroke: palette.muted }),
    ],
  }) as SVGElement;
  const walk = walkBars(
    { box: makeBox(width), count: bins.length },
    `Buckets along the key: ${LABEL}`,
    (i) => {
      const { from: least, to: greatest, buckets, amount, low, high } = bins[i]!;
      const last = isWhole ? greatest - 1 : greatest;
      const head = `${least === last ? 'Key' : 'Keys from'} ${writeNumber(least)}${least === last ? '' : ` to ${writeNumber(last)}`}`;
      if (buckets === 0) return [head, 'no buckets'];
      const count = `${writeNumber(buckets)} ${buckets === 1 ? 'bucket' : 'buckets'}`;
      if (measure === 'numbers') return [head, count, `${writeNumber(amount)} numbers`];
      return [head, count, `mean ${writeNumber(amount)}`, `from ${writeNumber(low)} to ${writeNumber(high)}`];
    },
  );
  return { svg, walk };
}

/** A number that may be rounded already. */
function writeNumber(n: number): string {
  if (Number.isSafeInteger(n)) return writeExactly(BigInt(n));
  return Math.abs(n) >= 1e15 ? n.toExponential(3) : String(Number(n.toPrecision(6)));
}

/** Draws sizes or values from the largest to the smallest. */
export function drawRanks({ points, measure }: RanksChart, width: number, palette: Palette): Drawing {
  const [most, least] = [points[0]!.amount, points.at(-1)!.amount];
  const isLog = least > 0 && most / least > LOG_RATIO;
  const last = points.at(-1)!.rank;
  const svg = Plot.plot({
    ...makeFrame(width, palette),
    x: {
      type: 'log',
      domain: [1, last + 1],
      label: 'rank',
      ...CENTERED,
      ticks: Math.floor(width / 120),
      tickFormat: writeTick,
      tickSize: 4,
    },
    y: { ...makeAmountAxis(nameMeasure(measure)), type: isLog ? 'log' : 'linear', zero: !isLog },
    marks: [
      Plot.lineY(points, {
        x: 'rank',
        y: 'amount',
        curve: 'step-after',
        stroke: palette.accent,
        strokeWidth: 2,
      }),
      ...(isLog ? [] : [Plot.ruleY([0], { stroke: palette.muted })]),
    ],
  }) as SVGElement;
  const edges = [...points.map(({ rank }) => Math.log(rank) / Math.log(last + 1)), 1];
  const walk = walkBars(
    { box: makeBox(width), count: points.length, edges },
    `Buckets by rank: ${LABEL}`,
    (i) => {
      const { rank, amount } = points[i]!;
      return [
        `Rank ${writeNumber(rank)}`,
        measure === 'value' ? `value ${writeNumber(amount)}` : `${writeNumber(amount)} numbers`,
      ];
    },
  );
  return { svg, walk };
}
