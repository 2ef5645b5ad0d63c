import { formatCount } from '../../../format.js';
import type { LiveSnapshot } from '../snapshot.js';
import { make, makePanel, setText, type Part } from './dom.js';
import { describeCell, tallyCells, type CellTally } from './cell-tally.js';

const KEYS: Readonly<Record<string, (columns: number) => number>> = {
  ArrowRight: () => 1,
  ArrowLeft: () => -1,
  ArrowDown: (columns) => columns,
  ArrowUp: (columns) => -columns,
};
const LEGEND = [
  ['done', 'done'],
  ['running', 'running'],
  ['failed', 'failed'],
  ['waiting', 'waiting'],
] as const;

/** A cell for each job, or for several: what is under the pointer, or chosen by the arrow keys, is described below. */
export function makeJobGrid(): Part<LiveSnapshot> {
  const grid = make('div', {
    class: 'cells',
    role: 'group',
    tabindex: '0',
    'aria-label': 'Jobs',
    'aria-describedby': 'cell',
  });
  const caption = make('p', { class: 'note', id: 'cell', 'aria-live': 'polite' });
  const scale = make('span');
  const legend = make(
    'p',
    { class: 'legend' },
    ...LEGEND.map(([state, name]) => make('span', {}, make('i', { 'data-state': state }), name)),
    scale,
  );
  let tallies: readonly CellTally[] = [];
  let chosen: number | undefined;
  let shown: LiveSnapshot | undefined;

  const describe = (): void => {
    const tally = chosen === undefined ? undefined : tallies[chosen];
    const hint = 'Point at a cell, or choose one with the arrow keys, to see which jobs it stands for.';
    setText(caption, tally && shown ? describeCell(tally, shown.cells) : hint);
    for (const cell of grid.querySelectorAll('.chosen')) cell.classList.remove('chosen');
    if (chosen !== undefined) grid.children[chosen]?.classList.add('chosen');
  };
  const choose = (index: number): void => {
    chosen = Math.min(Math.max(index, 0), tallies.length - 1);
    describe();
  };
  grid.addEventListener('pointerover', ({ target }) => {
    const index = [...grid.children].indexOf(target as Element);
    if (index >= 0) choose(index);
  });
  grid.addEventListener('keydown', (event) => {
    const step = KEYS[event.key];
    if (!step) return;
    event.preventDefault();
    choose(chosen === undefined ? 0 : chosen + step(countColumns(grid)));
  });

  const update = (state: LiveSnapshot): void => {
    shown = state;
    tallies = tallyCells(state);
    drawCells(grid, tallies);
    const { jobsPerCell } = state.cells;
    setText(scale, jobsPerCell === 1 ? '' : `a cell stands for ${formatCount(jobsPerCell)} jobs`);
    grid.setAttribute('aria-label', `${formatCount(state.jobs.all)} jobs in ${tallies.length} cells`);
    describe();
  };
  return { element: makePanel('Jobs', legend, grid, caption), update };
}

function drawCells(grid: HTMLElement, tallies: readonly CellTally[]): void {
  while (grid.children.length > tallies.length) grid.lastChild?.remove();
  while (grid.children.length < tallies.length) grid.append(make('i'));
  grid.dataset['size'] = tallies.length <= 60 ? 'large' : tallies.length <= 300 ? 'medium' : 'small';
  for (const [i, { state, done, jobs }] of tallies.entries()) {
    const cell = grid.children[i] as HTMLElement;
    const share = String(Math.round((100 * done) / jobs));
    // Most cells have not changed since the last message.
    if (cell.dataset['state'] === state && cell.dataset['share'] === share) continue;
    cell.dataset['state'] = state;
    cell.dataset['share'] = share;
    cell.style.setProperty('--share', `${share}%`);
  }
}

function countColumns(grid: HTMLElement): number {
  return getComputedStyle(grid).gridTemplateColumns.split(' ').length;
}
