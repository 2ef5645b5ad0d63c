import type { Outcome } from './outcome.js';
import { formatBytes, formatSeconds } from './units.js';

/** An outcome and what it is of. */
export interface Row {
  readonly range: string;
  readonly machines: string;
  readonly outcome: Outcome;
}

const COLUMNS = [
  'range',
  'machines',
  'jobs',
  'size',
  'limit',
  'jobs take',
  'merge',
  'total',
  'failures',
  'lost',
];

/** The outcomes as a table for people; costs where a machine hour has a price. */
export function formatTable(rows: readonly Row[], price: number | undefined): string {
  const head = [...COLUMNS, price === undefined ? 'machine hours' : 'cost'];
  const cells = rows.map(({ range, outcome }) => [
    range,
    outcome.machines.toLocaleString('en'),
    outcome.jobs.toLocaleString('en'),
    formatBytes(outcome.bytes),
    outcome.limit,
    formatSeconds(outcome.jobsSeconds),
    outcome.mergeSeconds > 0 ? formatSeconds(outcome.mergeSeconds) : '-',
    formatSeconds(outcome.totalSeconds),
    outcome.failures.toLocaleString('en'),
    `${(100 * outcome.lostShare).toFixed(2)}%`,
    formatAmount(outcome.machineHours * (price ?? 1)),
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i]!.length)));
  return [head, ...cells]
    .map((row) => row.map((cell, i) => cell.padStart(widths[i]!)).join('  ') + '\n')
    .join('');
}

function formatAmount(amount: number): string {
  return amount.toLocaleString('en', { maximumSignificantDigits: 3 });
}
