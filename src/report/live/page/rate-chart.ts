import { draw, make, setText, type Part } from './dom.js';
import { chooseTicks, chooseTimeTicks, formatTime } from './ticks.js';

/** Rates over time, and how they are written. */
interface Series {
  readonly atMs: readonly number[];
  readonly rates: readonly number[];
}

interface Frame {
  readonly width: number;
  readonly endMs: number;
  readonly top: number;
}

const HEIGHT = 190;
const LEFT = 76;
const RIGHT = 14;
const TOP = 12;
const BOTTOM = 26;

/** A line of rates over time, from 0, with the newest rate in words. */
export function makeRateChart(title: string, format: (rate: number) => string): Part<Series> {
  const now = make('span', { class: 'digits' });
  const svg = draw('svg', { role: 'img', height: HEIGHT });
  const element = make('figure', {}, make('figcaption', {}, make('b', {}, title), now));
  element.append(svg);
  let series: Series = { atMs: [], rates: [] };
  const redraw = (): void => {
    const width = Math.max(element.clientWidth, 220);
    svg.setAttribute('width', String(width));
    svg.setAttribute('aria-label', describe(title, series, format));
    svg.replaceChildren(...drawChart(series, width, format));
  };
  new ResizeObserver(redraw).observe(element);
  const update = (next: Series): void => {
    series = next;
    const last = next.rates.at(-1);
    setText(now, last === undefined ? 'not known yet' : format(last));
    redraw();
  };
  return { element, update };
}

function describe(title: string, { rates }: Series, format: (rate: number) => string): string {
  if (rates.length === 0) return `${title} over time: not known yet`;
  const [low, high] = [Math.min(...rates), Math.max(...rates)];
  return `${title} over time: now ${format(rates.at(-1) ?? 0)}, at least ${format(low)}, at most ${format(high)}`;
}

function drawChart({ atMs, rates }: Series, width: number, format: (rate: number) => string): SVGElement[] {
  const levels = chooseTicks(Math.max(0, ...rates), 3);
  const frame = { width, endMs: Math.max(atMs.at(-1) ?? 0, 1000), top: levels.at(-1) ?? 1 };
  const points = rates.map((rate, i) => `${placeX(atMs[i] ?? 0, frame)},${placeY(rate, frame)}`);
  const ground = HEIGHT - BOTTOM;
  const first = placeX(atMs[0] ?? 0, frame);
  const area = `M${first},${ground}L${points.join('L')}L${placeX(frame.endMs, frame)},${ground}Z`;
  return [
    ...levels.flatMap((level) => drawLevel(level, frame, rates.length === 0 ? '' : format(level))),
    ...chooseTimeTicks(frame.endMs, width < 420 ? 3 : 6).map((timeMs) => drawTime(timeMs, frame)),
    ...(points.length === 0
      ? []
      : [
          draw('path', { class: 'area', d: area }),
          draw('path', { class: 'line', d: `M${points.join('L')}` }),
        ]),
  ];
}

function drawLevel(level: number, frame: Frame, label: string): SVGElement[] {
  const y = placeY(level, frame);
  return [
    draw('line', { class: 'rule', x1: LEFT, x2: frame.width - RIGHT, y1: y, y2: y }),
    draw(
      'text',
      { x: LEFT - 8, y: y + 4, 'text-anchor': 'end' },
      level === 0 ? '0' : label.replace(/\.0+ /, ' '),
    ),
  ];
}

function drawTime(timeMs: number, frame: Frame): SVGElement {
  const x = placeX(timeMs, frame);
  // A label at the very end would be cut off.
  const anchor = x > frame.width - RIGHT - 20 ? 'end' : 'middle';
  return draw('text', { x, y: HEIGHT - 8, 'text-anchor': anchor }, formatTime(timeMs));
}

function placeX(timeMs: number, { width, endMs }: Frame): number {
  return round(LEFT + (timeMs / endMs) * (width - LEFT - RIGHT));
}

function placeY(rate: number, { top }: Frame): number {
  return round(HEIGHT - BOTTOM - (rate / top) * (HEIGHT - TOP - BOTTOM));
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
