import * as Plot from '@observablehq/plot';
import type { BinsChart, KeysChart, Measure, RanksChart } from '../report-data.js';
import { toDrawable } from '../long-number.js';
import { walkBars } from './bar-walk.js';
import type { Walk } from './cursor.js';
import { writeExactly, writeTick } from './number-text.js';
import type { Palette } from './palette.js';

export interface Drawing {
  readonly svg: SVGElement;
  readonly walk: Walk;
}

const HEIGHT = 320;
const MARGINS = { marginTop: 28, marginRight: 12, marginBottom: 42, marginLeft: 56 };
const NAMED_ROW_PX = 22;
const NAME_PX = 170;
const NARROW_NAME_PX = 110;
const NARROW_PX = 560;
const CENTERED = { labelAnchor: 'center', labelArrow: 'none' } as const;
const LOG_RATIO = 1000;

/** Draws buckets of a signature that has no axes of its own. */
export function drawKeys(
  chart: KeysChart | BinsChart | RanksChart,
  width: number,
  palette: Palette,
): Drawing {
  if (chart.kind === 'keys')
    return chart.areNumbers ? drawNumericBars(chart, width, palette) : drawNamedBars(chart, width, palette);
  return chart.kind === 'bins' ? drawBins(chart, width, palette) : drawRanks(chart, width, palette);
}

const nameMeasure = (measure: Measure): string => (measure === 'value' ? 'value' : 'numbers');

const LABEL = 'move with the arrow keys for exact figures';

function makeFrame(width: number, palette: Palette): Plot.PlotOptions {
  return {
    ...{ width, height: HEIGHT, ...MARGINS },
    style: { fontSize: '12px', color: palette.muted, background: 'none' },
  };
}

function makeBox(width: number): { x: number; y: number; width: number; height: number } {
  return {
    x: MARGINS.marginLeft,
    y: MARGINS.marginTop,
    width: width - MARGINS.marginLeft - MARGINS.marginRight,
    height: HEIGHT - MARGINS.marginTop - MARGINS.marginBottom,
  };
}

/** An amount as it was written: a whole number of any size, a fraction. */
function describeAmount(amount: string, measure: Measure): string {
  const text = /^-?\d+$/.test(amount) ? writeExactly(BigInt(amount)) : amount;
  return measure === 'value' ? `value ${text}` : `${text} ${amount === '1' ? 'number' : 'numbers'}`;
}

function drawNumericBars({ bars, measure }: KeysChart, width: number, palette: Palette): Drawing {
  const every = Math.ceil(bars.length / Math.max(1, width / 44));
  const svg = Plot.plot({
    ...makeFrame(width, palette),
    padding: 0.1,
    round: false,
    x: {
      domain: bars.map((_, i) => i),
      ticks: bars.flatMap((_, i) => (i % every === 0 ? [i] : [])),
      tickFormat: (i: number) => writeTick(Number(bars[i]?.key)),
      ...{ tickSize: 4, label: 'key', ...CENTERED },
    },
    y: {
      label: nameMeasure(measure),
      labelArrow: 'none',
      ticks: 5,
      tickSize: 0,
      tickFormat: writeTick,
      grid: true,
    },
    marks: [
      Plot.barY(
        bars.map(({ amount }, x) => ({ x, amount: toDrawable(Number(amount)) })),
        { x: 'x', y: 'amount', fill: palette.accent },
      ),
      Plot.ruleY([0], { stroke: palette.muted }),
    ],
  }) as SVGElement;
  return { svg, walk: walkKeys({ box: makeBox(width), count: bars.length }, bars, measure) };
}

function walkKeys(places: Parameters<typeof walkBars>[0], bars: KeysChart['bars'], measure: Measure): Walk {
  return walkBars(places, `Buckets by key: ${LABEL}`, (i) => {
    const { key = '', amount = '0' } = bars[i] ?? {};
    return [key, describeAmount(amount, measure)];
  });
}

function drawNamedBars({ bars, measure }: KeysChart, width: number, palette: Palette): Drawing {
  const marginLeft = width < NARROW_PX ? NARROW_NAME_PX : NAME_PX;
  const margins = { marginTop: 4, marginRight: 16, marginBottom: 42, marginLeft };
  const svg = Plot.plot({
    ...{ width, height: bars.length * NAMED_ROW_PX + margins.marginTop + margins.marginBottom, ...margins },
    ...{ style: { fontSize: '12px', color: palette.muted, background: 'none' }, padding: 0.25, round: false },
    x: {
      label: nameMeasure(measure),
      ...CENTERED,
      ticks: width < NARROW_PX ? 3 : 6,
      tickSize: 0,
      tickFormat: writeTick,
      grid: true,
    },
    y: {
      domain: bars.map((_, i) => i),
      tickFormat: (i: number) => cutName(bars[i]?.key ?? '', marginLeft),
      ...{ tickSize: 0, label: null },
    },
    marks: [
      Plot.barX(
        bars.map(({ amount }, y) => ({ y, amount: toDrawable(Number(amount)) })),
        { y: 'y', x: 'amount', fill: palette.accent },
      ),
      Plot.ruleX([0], { stroke: palette.muted }),
    ],
  }) as SVGElement;
  const box = {
    x: marginLeft,
    y: margins.marginTop,
    width: width - marginLeft - 16,
    height: bars.length * NAMED_ROW_PX,
  };
  return { svg, walk: walkKeys({ box, count: bars.length, isDown: true }, bars, measure) };
}

const NAME_CHARACTER_PX = 7;

function cutName(name: string, roomPx: number): string {
  const room = Math.floor((roomPx - 10) / NAME_CHARACTER_PX);
  return name.length <= room ? name : `${name.slice(0, room - 1)}…`;
}

function drawBins({ bins, isLog, isWhole, measure }: BinsChart, width: number, palette: Palette): Drawing {
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
    y: {
      label: measure === 'value' ? 'value, mean' : 'numbers',
      labelArrow: 'none',
      ticks: 5,
      tickSize: 0,
      tickFormat: writeTick,
      grid: true,
    },
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

function drawRanks({ points, measure }: RanksChart, width: number, palette: Palette): Drawing {
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
    y: {
      type: isLog ? 'log' : 'linear',
      label: nameMeasure(measure),
      labelArrow: 'none',
      ticks: 5,
      tickSize: 0,
      tickFormat: writeTick,
      grid: true,
      zero: !isLog,
    },
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
