import type { ReportData, StepsChart } from '../report-data.js';
import { toDrawable } from '../long-number.js';
import { rank, select } from '../../signatures/reduced/ranking.js';
import { parseKey } from '../../signatures/reduced/residues.js';
import { Cursor, type Walk } from './cursor.js';
import { createElement, findElement } from './dom.js';
import { drawHeatMap, findCell, markCell, measureCells, readGrid, walkCells } from './heat-map.js';
import { drawBars } from './key-bars.js';
import { drawBins, drawRanks } from './key-curves.js';
import { writeExactly, writeTick } from './number-text.js';
import { readPalette, watchLook, type Palette } from './palette.js';
import { ReductionView } from './reduction-view.js';
import { drawStepsBars } from './steps-bars.js';

type Draw = (width: number, palette: Palette) => { svg: SVGElement; walk: Walk };

/** Draws into a chart of the page, and again whenever its look changes. */
function keepDrawn(id: string, draw: Draw): () => void {
  const container = findElement(id);
  const frame = createElement('div', { class: 'frame' });
  container.append(frame);
  const cursor = new Cursor(frame);
  const redraw = (): void => {
    if (frame.clientWidth === 0) return;
    const { svg, walk } = draw(frame.clientWidth, readPalette());
    cursor.attach(svg, walk);
  };
  redraw();
  watchLook(frame, redraw);
  return redraw;
}

function showReduced(chart: StepsChart, { range, numbers }: ReportData): void {
  const grid = readGrid(chart, numbers);
  const bounds = { start: BigInt(range.start), end: BigInt(range.end) };
  let marked: string | undefined;
  let map: SVGElement | undefined;
  const mark = (key: string | undefined): void => {
    marked = key;
    const parts = key === undefined ? undefined : parseKey(key);
    const cell = parts && findCell(grid, parts.target + 1, parts.last);
    map?.querySelector('.marked')?.remove();
    if (map && cell) markCell(map, measureCells(map, grid)(cell.column, cell.row), key ?? '');
  };
  const view = new ReductionView(bounds, mark);
  const askFirst = (key: string): void => {
    const before = rank(key, bounds.start);
    if (rank(key, bounds.end) > before) view.ask(select(key, before));
  };
  keepDrawn('map', (width, palette) => {
    map = drawHeatMap(grid, width, palette);
    mark(marked);
    return { svg: map, walk: walkCells(map, grid, askFirst) };
  });
  addLegend(findElement('map'), grid.counts.flat());
  keepDrawn('steps', (width, palette) => drawStepsBars(grid, width, palette));
  for (const button of document.querySelectorAll<HTMLButtonElement>('button.key'))
    button.addEventListener('click', () => {
      askFirst(button.dataset['key'] ?? '');
      findElement('map').scrollIntoView({ block: 'center' });
    });
}

function addLegend(container: HTMLElement, counts: readonly bigint[]): void {
  const greatest = counts.reduce((most, count) => (count > most ? count : most), 0n);
  const ends = [1, Math.sqrt(toDrawable(greatest)), toDrawable(greatest)].map((n) =>
    createElement('span', {}, writeTick(Number(n.toPrecision(2)))),
  );
  container.append(
    createElement(
      'div',
      { class: 'legend' },
      createElement('span', {}, 'Numbers in a bucket, logarithmic'),
      createElement(
        'div',
        { class: 'scale' },
        createElement('div', { class: 'ramp' }),
        createElement('div', { class: 'ends' }, ...ends),
      ),
      createElement('span', {}, `The largest cell: ${writeExactly(greatest)}`),
    ),
  );
}

const data = JSON.parse(findElement('data').textContent) as ReportData;
const { chart } = data;
if (chart.kind === 'steps') showReduced(chart, data);
else if (chart.kind === 'keys') keepDrawn('keys', (width, palette) => drawBars(chart, width, palette));
else if (chart.kind === 'bins') keepDrawn('keys', (width, palette) => drawBins(chart, width, palette));
else keepDrawn('keys', (width, palette) => drawRanks(chart, width, palette));
