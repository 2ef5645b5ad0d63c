import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { MACHINES, type Point } from './points.js';

const SIZE = { width: 900, height: 440, marginLeft: 70, marginRight: 56, marginBottom: 44, marginTop: 40 };
const SYMBOLS = { cpu: 'triangle', network: 'square', disk: 'circle', queue: 'star' };

/** Readable on a light and on a dark page: colours of middle lightness, text that follows the page's scheme. */
const COLORS = ['#2a9d8f', '#4c86d8', '#b06fd0', '#e07a3f'];
const STYLE = `text { fill: #333; } .grid line { stroke: #8884; }
@media (prefers-color-scheme: dark) { text { fill: #ddd; } }`;

/** Times of builds against machines, a panel for each signature, as the text of an SVG file. */
export function drawPicture(points: readonly Point[]): string {
  const { document } = parseHTML('<!doctype html><body></body>');
  const last = points.filter(
    ({ machines }) => machines === Math.max(...points.map((point) => point.machines)),
  );
  const plot = Plot.plot({
    ...SIZE,
    document,
    style: { fontSize: '12px', fontFamily: 'system-ui, sans-serif', background: 'transparent' },
    x: { type: 'log', label: 'machines of 16 CPUs' },
    y: { type: 'log', label: 'time' },
    fx: { label: null, padding: 0.12 },
    color: { domain: ['1e12', '1e13', '1e14', '1e15'], range: COLORS },
    symbol: { domain: Object.keys(SYMBOLS), range: Object.values(SYMBOLS) },
    marks: [
      // Ticks with texts of their own: those of a logarithmic scale are left out where its own would be.
      Plot.gridY(TIMES.map(([hours]) => hours)),
      Plot.axisY(
        TIMES.map(([hours]) => hours),
        { text: TIMES.map(([, name]) => name) },
      ),
      Plot.axisX(MACHINES, { text: MACHINES.map((count) => count.toLocaleString('en')) }),
      Plot.line(points, {
        fx: 'signature',
        x: 'machines',
        y: 'mergedHours',
        stroke: 'range',
        strokeDasharray: '3 4',
        strokeOpacity: 0.8,
      }),
      Plot.line(points, { fx: 'signature', x: 'machines', y: 'hours', stroke: 'range', strokeWidth: 2 }),
      Plot.dot(points, {
        fx: 'signature',
        x: 'machines',
        y: 'hours',
        fill: 'range',
        stroke: 'range',
        symbol: 'limit',
        r: 4,
      }),
      Plot.text(last, {
        fx: 'signature',
        x: 'machines',
        y: 'hours',
        text: 'range',
        dx: 10,
        textAnchor: 'start',
        fontWeight: 'bold',
      }),
    ],
  });
  return finish(plot);
}

const TIMES: readonly (readonly [number, string])[] = [
  [1 / 6, '10 min'],
  [1, '1 h'],
  [6, '6 h'],
  [24, '1 day'],
  [168, '1 week'],
  [720, '1 month'],
];

/** As a file of its own: named, with a style that knows dark pages, and the same bytes for the same plot. */
function finish(svg: Element): string {
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', 'Time of a build against the number of machines');
  const text = svg.outerHTML.replace(/<style>/, `<style>${STYLE}\n`);
  return `${text}\n`;
}
