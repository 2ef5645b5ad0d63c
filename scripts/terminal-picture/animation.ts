import type { Recording, Run, RowVersion } from './recording.js';

const CELL_WIDTH = 8.4;
const LINE_HEIGHT = 20;
const MARGIN = 18;
const TITLE_HEIGHT = 36;
/** How long the last picture stands before it begins again. */
const HOLD_MS = 6000;

const STYLE = `
text{font:14px ui-monospace,'SF Mono','Cascadia Mono',Menlo,'DejaVu Sans Mono','Liberation Mono',monospace;fill:#d7dee3;white-space:pre}
.bold{font-weight:700;fill:#fff}.green{fill:#68c690}.prompt{fill:#6cc3de}.name{fill:#8b98a1;text-anchor:middle}
.past{visibility:hidden}`;

/** A version of a row, with the time at which the next one takes its place. */
interface Scene extends RowVersion {
  readonly toMs: number | undefined;
}

/** An SVG of a recording: it plays where motion is welcome, and shows the end of it elsewhere. */
export function drawRecording(recording: Recording, title: string): string {
  const scenes = listScenes(recording.versions);
  const totalMs = recording.nowMs + HOLD_MS;
  const width = Math.ceil(recording.columns * CELL_WIDTH + 2 * MARGIN);
  const height = TITLE_HEIGHT + recording.rows * LINE_HEIGHT + MARGIN;
  const motion = scenes.map((scene, i) => writeMotion(scene, i, totalMs)).join('');
  const dots = ['#ec6a5e', '#f4bf4f', '#61c554'].map(
    (colour, i) => `<circle cx="${20 + 20 * i}" cy="18" r="6" fill="${colour}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeText(title)}">`,
    `<title>${escapeText(title)}</title>`,
    `<style>${STYLE}\n@media(prefers-reduced-motion:no-preference){${motion}}</style>`,
    `<rect width="${width}" height="${height}" rx="10" fill="#11161a"/>`,
    ...dots,
    `<text class="name" x="${width / 2}" y="23">sigtables</text>`,
    ...scenes.map(drawScene),
    '</svg>\n',
  ].join('\n');
}

function listScenes(versions: readonly RowVersion[]): Scene[] {
  const scenes = versions.map((version, i) => ({
    ...version,
    toMs: versions.slice(i + 1).find(({ row }) => row === version.row)?.fromMs,
  }));
  // What was replaced in the same moment was never seen.
  return scenes.filter(({ runs, fromMs, toMs }) => runs.length > 0 && toMs !== fromMs);
}

function writeMotion({ fromMs, toMs }: Scene, i: number, totalMs: number): string {
  const percent = (ms: number): string => `${((100 * ms) / totalMs).toFixed(2)}%`;
  const end = toMs === undefined ? '' : `${percent(toMs)}{visibility:hidden}`;
  const frames = `0%{visibility:hidden}${percent(fromMs)}{visibility:visible}${end}`;
  return `@keyframes k${i}{${frames}}.v${i}{animation:k${i} ${(totalMs / 1000).toFixed(2)}s step-end infinite}`;
}

function drawScene({ row, runs, toMs }: Scene, i: number): string {
  const y = TITLE_HEIGHT + (row + 1) * LINE_HEIGHT - 4;
  const isPast = toMs === undefined ? '' : ' past';
  return `<g class="v${i}${isPast}">${runs.map((run) => drawRun(run, y)).join('')}</g>`;
}

/** The width is given: whatever font there is, columns stay columns. */
function drawRun({ column, text, look }: Run, y: number): string {
  const trimmed = text.trimEnd();
  const lead = trimmed.length - trimmed.trimStart().length;
  const words = trimmed.slice(lead);
  const x = round(MARGIN + (column + lead) * CELL_WIDTH);
  const length = round(words.length * CELL_WIDTH);
  const shown = look === 'plain' ? '' : ` class="${look}"`;
  return `<text x="${x}" y="${y}" textLength="${length}"${shown}>${escapeText(words)}</text>`;
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
