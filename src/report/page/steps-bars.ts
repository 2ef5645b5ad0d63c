import * as Plot from '@observablehq/plot';
import { toDrawable } from '../long-number.js';
import { makeAmountAxis, makeStepsAxis } from './axes.js';
import { walkBars } from './bar-walk.js';
import type { Walk } from './cursor.js';
import { chooseTicks, nameSteps, type Grid } from './heat-map.js';
import { writeExactly, writeShare } from './number-text.js';
import type { Palette } from './palette.js';

const HEIGHT = 260;
const MARGINS = { marginTop: 28, marginRight: 8, marginBottom: 42, marginLeft: 52 };

/** Draws how many numbers take how many steps, and says how a cursor goes over the bars. */
export function drawStepsBars(grid: Grid, width: number, palette: Palette): { svg: SVGElement; walk: Walk } {
  const { chart, counts, numbers } = grid;
  const sums = Array.from({ length: chart.columns }, (_, x) =>
    counts.reduce((sum, row) => sum + (row[x] ?? 0n), 0n),
  );
  const ticks = chooseTicks(chart, width);
  const svg = Plot.plot({
    ...{ width, height: HEIGHT, ...MARGINS, padding: 0, round: false },
    style: { fontSize: '12px', color: palette.muted, background: 'none' },
    x: makeStepsAxis(chart.columns, ticks),
    y: makeAmountAxis('numbers'),
    marks: [
      Plot.barY(
        sums.map((sum, x) => ({ x, sum: toDrawable(sum) })),
        { x: 'x', y: 'sum', fill: palette.accent, insetLeft: 0.5, insetRight: 0.5 },
      ),
      Plot.ruleY([0], { stroke: palette.muted }),
    ],
  }) as SVGElement;
  const box = {
    x: MARGINS.marginLeft,
    y: MARGINS.marginTop,
    width: width - MARGINS.marginLeft - MARGINS.marginRight,
    height: HEIGHT - MARGINS.marginTop - MARGINS.marginBottom,
  };
  const walk = walkBars(
    { box, count: chart.columns },
    'Numbers by steps: move with the arrow keys for exact counts',
    (x) => {
      const sum = sums[x] ?? 0n;
      return [
        `${nameSteps(chart, x)} steps`,
        `${writeExactly(sum)} ${sum === 1n ? 'number' : 'numbers'}`,
        `${writeShare(sum, numbers)} of all`,
      ];
    },
  );
  return { svg, walk };
}
