import type { LiveSnapshot } from '../snapshot.js';
import { make, makePanel, type Part } from './dom.js';

/** What the build had to say, such as that a job is tried again. */
export function makeMessages(): Part<LiveSnapshot> {
  const list = make('ul', { class: 'messages' });
  const element = makePanel('Messages', list);
  let shown = '';
  const update = ({ messages }: LiveSnapshot): void => {
    element.hidden = messages.length === 0;
    const text = messages.join('\n');
    if (text === shown) return;
    shown = text;
    list.replaceChildren(...messages.map((message) => make('li', {}, message)));
  };
  return { element, update };
}
