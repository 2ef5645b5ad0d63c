import type { LiveSnapshot } from '../snapshot.js';
import { make, type Part } from './dom.js';
import { makeHeader, type ShownPhase } from './header.js';
import { makeJobGrid } from './job-grid.js';
import { makeMessages } from './messages.js';
import { formatPercent, makeOverview } from './overview.js';
import { makeSpeed } from './speed.js';
import { makeMachines, makeWorkers } from './tables.js';

const OVER: readonly ShownPhase[] = ['done', 'stopped', 'failed'];
/** The browser tries again by itself; after so many tries in vain the build is gone for good. */
const MAX_TRIES = 20;

const header = makeHeader();
const parts: readonly Part<LiveSnapshot>[] = [
  makeOverview(),
  makeJobGrid(),
  makeSpeed(),
  makeMachines(),
  makeWorkers(),
  makeMessages(),
];
const main = make('main', { hidden: '' }, ...parts.map(({ element }) => element));
document.body.replaceChildren(header.element, main);
follow();

/** Shows each message of the build as it comes, to the last. */
function follow(): void {
  const source = new EventSource('/events');
  let tries = 0;
  source.addEventListener('message', ({ data }) => {
    tries = 0;
    const state = JSON.parse(String(data)) as LiveSnapshot;
    show(state);
    if (OVER.includes(state.phase)) source.close();
  });
  source.addEventListener('error', () => {
    header.show('lost');
    if (++tries >= MAX_TRIES) source.close();
  });
}

function show(state: LiveSnapshot): void {
  main.hidden = false;
  header.update(state);
  for (const part of parts) part.update(state);
  const word = OVER.includes(state.phase) ? state.phase : formatPercent(state);
  document.title = `${word} · ${state.heading} · sigtables`;
}
