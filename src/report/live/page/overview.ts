import { formatBytes, formatCount, formatDuration, formatRate } from '../../../format.js';
import type { LiveSnapshot } from '../snapshot.js';
import { make, setText, type Part } from './dom.js';

/** The figures, each with its name. */
const FACTS: readonly (readonly [string, (state: LiveSnapshot) => string])[] = [
  ['Jobs done', ({ jobs }) => `${formatCount(jobs.done)} of ${formatCount(jobs.all)}`],
  ['Running', ({ jobs }) => formatCount(jobs.running)],
  ['Waiting', ({ jobs }) => formatCount(Math.max(0, jobs.all - jobs.done - jobs.running - jobs.failed))],
  ['Failed', ({ jobs }) => formatCount(jobs.failed)],
  ['Numbers per second', ({ numbersPerS }) => formatRate(numbersPerS).replace('/s', '')],
  ['Written', ({ bytesDone }) => formatBytes(BigInt(bytesDone))],
  ['Elapsed', ({ elapsedMs }) => formatDuration(elapsedMs)],
  ['Time left', describeLeft],
];

/** How far the build is: in percent, as a bar, and in figures. */
export function makeOverview(): Part<LiveSnapshot> {
  const percent = make('p', { class: 'percent' });
  const bar = make('progress', { max: '1', value: '0', 'aria-label': 'Bytes done of all' });
  const values = FACTS.map(() => make('dd'));
  const facts = FACTS.map(([name], i) => make('div', {}, make('dt', {}, name), values[i]!));
  const element = make('section', { class: 'panel', 'aria-label': 'Progress' });
  element.append(make('div', { class: 'advance' }, percent, bar), make('dl', { class: 'facts' }, ...facts));
  const update = (state: LiveSnapshot): void => {
    setText(percent, formatPercent(state));
    bar.value = state.fraction;
    for (const [i, [, describe]] of FACTS.entries()) setText(values[i]!, describe(state));
  };
  return { element, update };
}

/** Rounded down: 100% means all. */
export function formatPercent({ fraction }: LiveSnapshot): string {
  return `${Math.floor(fraction * 100)}%`;
}

function describeLeft({ phase, leftMs, placing }: LiveSnapshot): string {
  if (phase === 'placing' && placing) return `placing, step ${placing.done} of ${placing.steps}`;
  if (phase === 'finishing') return 'finishing';
  return phase === 'running' ? formatDuration(leftMs) : '–';
}
