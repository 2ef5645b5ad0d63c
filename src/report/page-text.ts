import { createHash } from 'node:crypto';
import { formatCount } from '../format.js';
import { Html, markup, toJsonScript } from './html.js';
import { formatLongNumber } from './long-number.js';
import { LICENCES } from './licences.js';
import type { ListedBucket, ReportContent } from './report-data.js';

/** The built code and style of the page. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/** Begins every report, so that one can be told from other files. */
export const REPORT_OPENING = '<!doctype html>\n<!-- A report of sigtables';

/**
 * The report as one HTML file that loads nothing. Its policy allows its own script, by its hash, and styles; the plots set
 * those on their elements.
 */
export function writePage(content: ReportContent, { script, style }: PageAssets, version: string): string {
  // No space may come between the script and its tags: the hash is of all that stands there.
  const hash = createHash('sha256').update(script).digest('base64');
  const policy = `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`;
  const page = markup`
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="generator" content="sigtables ${version}" />
        <title>${content.heading}</title>
        <style>
          ${new Html(style)}
        </style>
      </head>
      <body>
        <header>
          <h1>${content.heading}</h1>
          <p>${content.introduction}</p>
        </header>
        <main>
          <section class="panel" aria-label="The table set">${listFacts(content)}</section>
          ${writeCharts(content)} ${writeBuckets(content)}
        </main>
        <footer>
          Written by sigtables ${version}. This page is complete in itself: it loads nothing and sends
          nothing.
        </footer>
        <noscript
          ><style>
            .drawn {
              display: none;
            }
          </style></noscript
        >
        <script type="application/json" id="data">
          ${toJsonScript(content.data)}
        </script>
        ${new Html(`<script>${script}</script>`)}
      </body>
    </html>
  `;
  return `${REPORT_OPENING} ${version}; it draws with\n${LICENCES}-->${page.text}`;
}

function listFacts({ facts }: ReportContent): Html {
  const entries = facts.map(
    ([name, value]) =>
      markup`<div>
        <dt>${name}</dt>
        <dd dir="auto">${value}</dd>
      </div>`,
  );
  return markup`<dl class="facts">${entries}</dl>`;
}

function writeCharts({ data: { chart }, measure }: ReportContent): Html {
  if (chart.kind !== 'steps') return writeFigure('keys', KEY_CHARTS[chart.kind](measure));
  const map = writeFigure('map', [
    'Sizes of the buckets',
    'Each cell is a bucket: its steps across, its last two digits down. Point at a cell, or move with the arrow keys; click one, or press Enter, for its first number.',
  ]);
  const steps = writeFigure('steps', ['Numbers by steps', 'How many numbers take how many steps.']);
  return markup`<div class="twin">${map}${writeReduction()}</div>
    ${steps}`;
}

type Caption = readonly [string, string];

const nameMeasure = (measure: string): string => (measure === 'value' ? 'Values' : 'Sizes');

const KEY_CHARTS: Readonly<Record<'keys' | 'bins' | 'ranks', (measure: string) => Caption>> = {
  keys: (measure) => [
    `${nameMeasure(measure)} of the buckets`,
    'A bar for each bucket. Point at one, or move with the arrow keys.',
  ],
  bins: (measure) => [
    `${nameMeasure(measure)} along the key`,
    measure === 'value'
      ? 'The buckets are many: a bar is the mean of those whose keys are near each other, the line reaches from the least to the greatest.'
      : 'The buckets are many: a bar counts the numbers of those whose keys are near each other.',
  ],
  ranks: (measure) => [
    `${nameMeasure(measure)} by rank`,
    'From the largest bucket, on the left, to the smallest; both axes are logarithmic where they can be.',
  ],
};

function writeFigure(name: string, [heading, note]: Caption): Html {
  return markup`<section class="panel" aria-labelledby="${name}-heading">
    <h2 id="${name}-heading">${heading}</h2>
    <p class="note">${note}</p>
    <noscript><p>This chart is drawn by the page's script, which is switched off here.</p></noscript>
    <div class="chart drawn" id="${name}"></div>
  </section>`;
}

function writeReduction(): Html {
  return markup`<section class="panel drawn" aria-labelledby="reduction-heading">
    <h2 id="reduction-heading">How a number is reduced</h2>
    <p class="note">
      Each step takes away, ten times at most, the power of ten with one digit less than the number has, as
      long as more than 10 is left.
    </p>
    <div class="asked">
      <label for="number">A whole number from 10 on, of any size</label>
      <input
        id="number"
        type="text"
        inputmode="text"
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        aria-describedby="answer"
      />
    </div>
    <div id="answer" class="answer" aria-live="polite"></div>
    <div id="reduction" class="reduction"></div>
  </section>`;
}

function writeBuckets({ largest, smallest, measure, data }: ReportContent): Html {
  const [most, least] =
    measure === 'value' ? ['Greatest values', 'Least values'] : ['Largest buckets', 'Smallest buckets'];
  const canShow = data.chart.kind === 'steps';
  const tables =
    smallest.length === 0
      ? [writeTable(most, largest, canShow)]
      : [writeTable(most, largest, canShow), writeTable(least, smallest, canShow)];
  return markup`<div class="pair">${largest.length === 0 ? [] : tables}</div>`;
}

function writeTable(heading: string, buckets: readonly ListedBucket[], canShow: boolean): Html {
  const hasValues = buckets.some(({ value }) => value !== undefined);
  const rows = buckets.map(
    ({ key, count, first, last, value }) =>
      markup`<tr>
        <td>${writeKey(key, canShow)}</td>
        ${hasValues ? markup`<td class="number"><bdi>${value ?? ''}</bdi></td>` : []}
        <td class="number">${formatCount(count)}</td>
        <td class="number">${formatLongNumber(first)}</td>
        <td class="number">${formatLongNumber(last)}</td>
      </tr> `,
  );
  return markup`<section class="panel">
    <h2>${heading}</h2>
    <div class="wide" tabindex="0" role="region" aria-label="${heading}">
      <table>
        <thead>
          <tr>
            <th scope="col">Signature</th>
            ${hasValues ? markup`<th scope="col" class="number">Value</th>` : []}
            <th scope="col" class="number">Numbers</th>
            <th scope="col" class="number">First</th>
            <th scope="col" class="number">Last</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </section>`;
}

function writeKey(key: string, canShow: boolean): Html {
  return canShow
    ? markup`<button type="button" class="key" data-key="${key}">${key}</button>`
    : markup`<code dir="auto">${key}</code>`;
}
