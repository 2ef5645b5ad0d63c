import { formatByteRate, formatRate } from '../../../format.js';
import type { LiveSnapshot } from '../snapshot.js';
import { make, makePanel, type Part } from './dom.js';
import { makeRateChart } from './rate-chart.js';

/** Numbers and bytes per second, over the whole of this run. */
export function makeSpeed(): Part<LiveSnapshot> {
  const numbers = makeRateChart('Numbers', formatRate);
  const bytes = makeRateChart('Bytes', formatByteRate);
  const charts = make('div', { class: 'charts' }, numbers.element, bytes.element);
  const update = ({ history }: LiveSnapshot): void => {
    numbers.update({ atMs: history.atMs, rates: history.numbersPerS });
    bytes.update({ atMs: history.atMs, rates: history.bytesPerS });
  };
  return { element: makePanel('Speed', charts), update };
}
