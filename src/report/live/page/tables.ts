import { formatCount, formatDuration, formatRate } from '../../../format.js';
import type { LiveSnapshot } from '../snapshot.js';
import { make, makePanel, setText, type Part } from './dom.js';

interface Listing {
  readonly title: string;
  readonly columns: readonly string[];
  /** How many columns hold words; the others hold numbers. */
  readonly words: number;
  readonly read: (state: LiveSnapshot) => readonly (readonly string[])[];
  readonly countMore: (state: LiveSnapshot) => number;
}

/** What each worker thread does. */
export function makeWorkers(): Part<LiveSnapshot> {
  return makeListing({
    title: 'Workers',
    columns: ['Worker', 'State', 'For', 'Jobs done'],
    words: 2,
    read: ({ workers }) =>
      workers.map(({ job, forMs, jobsDone }, i) => [
        String(i + 1),
        job === undefined ? 'waiting' : `job ${formatCount(job)}`,
        formatDuration(forMs),
        formatCount(jobsDone),
      ]),
    countMore: ({ moreWorkers }) => moreWorkers,
  });
}

/** What each machine of a distributed build does. */
export function makeMachines(): Part<LiveSnapshot> {
  return makeListing({
    title: 'Machines',
    columns: ['Machine', 'Threads', 'Jobs running', 'Speed'],
    words: 1,
    read: ({ machines }) =>
      machines.map(({ host, threads, jobsRunning, numbersPerS }) => [
        host,
        formatCount(threads),
        formatCount(jobsRunning),
        formatRate(numbersPerS),
      ]),
    countMore: ({ moreMachines }) => moreMachines,
  });
}

/** A table that is there as long as it has rows. */
function makeListing({ title, columns, words, read, countMore }: Listing): Part<LiveSnapshot> {
  const body = make('tbody');
  const more = make('p', { class: 'note' });
  const heads = columns.map((column, i) =>
    make('th', { scope: 'col', ...(i >= words && { class: 'number' }) }, column),
  );
  const table = make('table', {}, make('thead', {}, make('tr', {}, ...heads)), body);
  const element = makePanel(title, table, more);
  const update = (state: LiveSnapshot): void => {
    const rows = read(state);
    element.hidden = rows.length === 0;
    while (body.rows.length > rows.length) body.deleteRow(-1);
    for (const [i, cells] of rows.entries()) fillRow(body.rows[i] ?? body.insertRow(), cells, words);
    const left = countMore(state);
    setText(more, left === 0 ? '' : `and ${formatCount(left)} more`);
  };
  return { element, update };
}

function fillRow(row: HTMLTableRowElement, cells: readonly string[], words: number): void {
  for (const [i, text] of cells.entries()) {
    const cell = row.cells[i] ?? row.insertCell();
    if (i >= words) cell.className = 'number';
    setText(cell, text);
  }
}
