import * as Plot from '@observablehq/plot';
import type { StepsChart } from '../report-data.js';
import { toDrawable } from '../long-number.js';
import { CENTERED, makeStepsAxis } from './axes.js';
import type { Box, Walk } from './cursor.js';
import { createShape } from './dom.js';
import { writeExactly, writeShare } from './number-text.js';
import type { Palette } from './palette.js';

/** Buckets by column and row. */
export interface Grid {
  readonly chart: StepsChart;
  readonly numbers: bigint;
  /** By row, then column; 0 where there is no bucket. */
  readonly counts: readonly (readonly bigint[])[];
}

const ROW_PX = 6.4;
const NARROW_ROW_PX = 4.6;
const NARROW_PX = 560;
const MARGINS = { marginTop: 8, marginRight: 8, marginBottom: 42, marginLeft: 44 };
const TICK_EVERY = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];
const TICK_PX = 34;

/** The buckets of the page's data. */
export function readGrid(chart: StepsChart, numbers: string): Grid {
  const lists = chart.lists.map((list) => list.split(' ').map(BigInt));
  return { chart, numbers: BigInt(numbers), counts: chart.rows.map((row) => lists[row.counts] ?? []) };
}

/** The step counts of a column, in words: `16`, or `340 to 344`. */
export function nameSteps({ firstSteps, stepsPerColumn }: StepsChart, column: number): string {
  const first = firstSteps + column * stepsPerColumn;
  return stepsPerColumn === 1 ? String(first) : `${first} to ${first + stepsPerColumn - 1}`;
}

/** The columns that get a tick, and what it says: round step counts, as many as have room. */
export function chooseTicks(chart: StepsChart, widthPx: number): ReadonlyMap<number, string> {
  const perTick = chart.columns / Math.max(1, widthPx / TICK_PX);
  const every = TICK_EVERY.find((step) => step / chart.stepsPerColumn >= perTick) ?? TICK_EVERY.at(-1)!;
  const ticks = new Map<number, string>();
  for (let column = 0; column < chart.columns; column++) {
    const first = chart.firstSteps + column * chart.stepsPerColumn;
    const round = Math.ceil(first / every) * every;
    if (round < first + chart.stepsPerColumn) ticks.set(column, String(round));
  }
  return ticks;
}

/** Draws the map, `width` pixels wide. */
export function drawHeatMap(grid: Grid, width: number, palette: Palette): SVGElement {
  const { chart, counts } = grid;
  const cells = counts.flatMap((row, y) =>
    row.flatMap((count, x) => (count > 0n ? [{ x, y, count: toDrawable(count) }] : [])),
  );
  const greatest = cells.reduce((most, { count }) => Math.max(most, count), 10);
  const ticks = chooseTicks(chart, width);
  const rowPx = width < NARROW_PX ? NARROW_ROW_PX : ROW_PX;
  return Plot.plot({
    ...{ width, ...MARGINS, padding: 0, round: false },
    height: Math.max(120, counts.length * rowPx + MARGINS.marginTop + MARGINS.marginBottom),
    style: { fontSize: '12px', color: palette.muted, background: 'none', overflow: 'visible' },
    color: { type: 'log', domain: [1, greatest], range: [...palette.ramp], clamp: true },
    x: makeStepsAxis(chart.columns, ticks),
    y: {
      domain: counts.map((_, i) => i),
      ticks: chart.rows.flatMap(({ last }, i) => (last % 10 === 0 ? [i] : [])),
      tickFormat: (row: number) => String(chart.rows[row]?.last ?? ''),
      tickSize: 4,
      label: 'last two digits',
      ...CENTERED,
    },
    marks: [Plot.cell(cells, { x: 'x', y: 'y', fill: 'count', inset: 0, shapeRendering: 'crispEdges' })],
  }) as SVGElement;
}

/** The places of a drawing's cells. */
export function measureCells(svg: SVGElement, { chart, counts }: Grid): (column: number, row: number) => Box {
  const { width, height } = readSize(svg);
  const cellWidth = (width - MARGINS.marginLeft - MARGINS.marginRight) / chart.columns;
  const cellHeight = (height - MARGINS.marginTop - MARGINS.marginBottom) / counts.length;
  return (column, row) => ({
    x: MARGINS.marginLeft + column * cellWidth,
    y: MARGINS.marginTop + row * cellHeight,
    ...{ width: cellWidth, height: cellHeight },
  });
}

function readSize(svg: SVGElement): { width: number; height: number } {
  return { width: Number(svg.getAttribute('width')), height: Number(svg.getAttribute('height')) };
}

/** How a cursor goes over the map. */
export function walkCells(svg: SVGElement, grid: Grid, pick: (key: string) => void): Walk {
  const { chart, counts, numbers } = grid;
  const { columns, rows } = chart;
  const boxOf = measureCells(svg, grid);
  const clamp = (value: number, count: number): number => Math.min(Math.max(value, 0), count - 1);
  const first = boxOf(0, 0);
  return {
    label: `Heat map of ${rows.length} by ${columns} cells: move with the arrow keys for exact counts`,
    start: Math.floor(rows.length / 2) * columns + Math.floor(columns / 2),
    hit: (x, y) => {
      const column = Math.floor((x - first.x) / first.width);
      const row = Math.floor((y - first.y) / first.height);
      const isInside = column >= 0 && column < columns && row >= 0 && row < rows.length;
      return isInside ? row * columns + column : undefined;
    },
    boxOf: (item) => boxOf(item % columns, Math.floor(item / columns)),
    move: (item, right, down) =>
      clamp(Math.floor(item / columns) + down, rows.length) * columns +
      clamp((item % columns) + right, columns),
    describe: (item) => {
      const [row, column] = [Math.floor(item / columns), item % columns];
      const count = counts[row]?.[column] ?? 0n;
      const last = rows[row]?.last ?? 0;
      const steps = nameSteps(chart, column);
      const isOne = chart.stepsPerColumn === 1;
      const name = isOne
        ? `Signature ${writeKey(Number(steps), last)}`
        : `${steps} steps, then ${writeLast(last)}`;
      if (count === 0n) return [name, isOne ? 'no numbers: no such bucket' : 'no numbers: no such buckets'];
      return [
        name,
        `${writeExactly(count)} ${count === 1n ? 'number' : 'numbers'}`,
        `${writeShare(count, numbers)} of all`,
      ];
    },
    ...(chart.stepsPerColumn === 1 && {
      pick: (item: number) => {
        const [row, column] = [Math.floor(item / columns), item % columns];
        if ((counts[row]?.[column] ?? 0n) > 0n)
          pick(writeKey(chart.firstSteps + column, rows[row]?.last ?? 0));
      },
    }),
  };
}

function writeLast(last: number): string {
  return String(last).padStart(2, '0');
}

function writeKey(steps: number, last: number): string {
  return `${String(steps).padStart(2, '0')}${writeLast(last)}`;
}

/** Where a bucket's cell is; nothing for one that the map has not. */
export function findCell(
  { chart }: Grid,
  steps: number,
  last: number,
): { column: number; row: number } | undefined {
  const column = Math.floor((steps - chart.firstSteps) / chart.stepsPerColumn);
  const row = chart.rows.findIndex((candidate) => candidate.last === last);
  return column >= 0 && column < chart.columns && row >= 0 ? { column, row } : undefined;
}

const MARK_PX = 3;

/** Rings a cell, and names it beside the ring. */
export function markCell(svg: SVGElement, box: Box, name: string): void {
  svg.querySelector('.marked')?.remove();
  const group = createShape('g', { class: 'marked' });
  const isLeft = box.x > readSize(svg).width / 2;
  const ring = createShape('rect', {
    x: box.x - MARK_PX,
    y: box.y - MARK_PX,
    width: box.width + 2 * MARK_PX,
    height: box.height + 2 * MARK_PX,
    rx: 2,
  });
  const label = createShape('text', {
    x: isLeft ? box.x - MARK_PX - 6 : box.x + box.width + MARK_PX + 6,
    y: box.y + box.height / 2,
    dy: '0.35em',
    'text-anchor': isLeft ? 'end' : 'start',
  });
  label.textContent = name;
  group.append(ring, label);
  svg.append(group);
}
