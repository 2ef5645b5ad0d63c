import * as Plot from '@observablehq/plot';
import { toDrawable } from '../long-number.js';
import type { KeysChart, Measure } from '../report-data.js';
import { CENTERED, makeAmountAxis } from './axes.js';
import { walkBars } from './bar-walk.js';
import type { Walk } from './cursor.js';
import { LABEL, makeBox, makeFrame, nameMeasure, type Drawing } from './key-frame.js';
import { writeExactly, writeTick } from './number-text.js';
import type { Palette } from './palette.js';

const NAMED_ROW_PX = 22;
const NAME_PX = 170;
const NARROW_NAME_PX = 110;
const NARROW_PX = 560;
const NAME_CHARACTER_PX = 7;

/** Draws a bar for each bucket: upright along keys that are numbers, lying beside their names otherwise. */
export function drawBars(chart: KeysChart, width: number, palette: Palette): Drawing {
  return chart.areNumbers ? drawNumericBars(chart, width, palette) : drawNamedBars(chart, width, palette);
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
    y: makeAmountAxis(nameMeasure(measure)),
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

function cutName(name: string, roomPx: number): string {
  const room = Math.floor((roomPx - 10) / NAME_CHARACTER_PX);
  return name.length <= room ? name : `${name.slice(0, room - 1)}…`;
}
