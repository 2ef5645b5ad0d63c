import type { LivePhase, LiveSnapshot } from '../snapshot.js';
import { make, setText, type Part } from './dom.js';

/** What the page knows of the build's phase; `lost` is the page's own: the build no longer answers. */
export type ShownPhase = LivePhase | 'lost';

const PHASES: Readonly<Record<ShownPhase, string>> = {
  preparing: 'Preparing',
  running: 'Running',
  placing: 'Placing',
  finishing: 'Finishing',
  done: 'Done',
  stopped: 'Stopped',
  failed: 'Failed',
  lost: 'No answer',
};
const LOST = 'The build does not answer: it was ended at once, or its machine is not to be reached.';

/** What is built, where to, and how it stands in a word. */
export function makeHeader(): Part<LiveSnapshot> & { show(phase: ShownPhase): void } {
  const heading = make('h1', {}, 'Connecting');
  const details = make('p', { class: 'note' });
  const badge = make('p', { class: 'badge', role: 'status' }, 'Connecting');
  const ending = make('p', { class: 'ending' });
  const element = make('header', {}, make('div', { class: 'title' }, heading, badge), details, ending);
  const show = (phase: ShownPhase): void => {
    setText(badge, PHASES[phase]);
    badge.dataset['phase'] = phase;
    if (phase === 'lost') setText(ending, LOST);
  };
  const update = (state: LiveSnapshot): void => {
    setText(heading, state.heading);
    setText(details, state.details);
    setText(ending, state.ending ?? '');
    show(state.phase);
  };
  return { element, update, show };
}
