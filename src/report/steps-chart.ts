import { REPORT_COLUMNS } from '../limits.js';
import { parseKey } from '../signatures/reduced/residues.js';
import type { SizedBucket } from './survey.js';
import type { StepsChart } from './report-data.js';

/** The heat map's data; nothing where a key is none of the reduced signature. */
export function chartSteps(buckets: Iterable<SizedBucket>): StepsChart | undefined {
  const cells = new Map<number, Map<number, bigint>>();
  let [firstSteps, lastSteps] = [Infinity, 0];
  for (const { key, count } of buckets) {
    const parts = parseKey(key);
    if (!parts || !Number.isSafeInteger(parts.target)) return undefined;
    const steps = parts.target + 1;
    const row = cells.get(parts.last) ?? new Map<number, bigint>();
    row.set(steps, count);
    cells.set(parts.last, row);
    firstSteps = Math.min(firstSteps, steps);
    lastSteps = Math.max(lastSteps, steps);
  }
  if (cells.size === 0) return undefined;
  const stepsPerColumn = Math.ceil((lastSteps - firstSteps + 1) / REPORT_COLUMNS);
  const columns = Math.ceil((lastSteps - firstSteps + 1) / stepsPerColumn);
  const rows = [...cells].sort(([a], [b]) => a - b);
  const joinRow = (row: ReadonlyMap<number, bigint>): string => {
    const counts = Array.from({ length: columns }, () => 0n);
    for (const [steps, count] of row) {
      const column = Math.floor((steps - firstSteps) / stepsPerColumn);
      counts[column] = (counts[column] ?? 0n) + count;
    }
    return counts.join(' ');
  };
  return {
    kind: 'steps',
    ...{ firstSteps, stepsPerColumn, columns },
    ...shareLists(rows.map(([last, row]) => ({ last, text: joinRow(row) }))),
  };
}

function shareLists(rows: readonly { last: number; text: string }[]): Pick<StepsChart, 'rows' | 'lists'> {
  const lists = [...new Set(rows.map(({ text }) => text))];
  return { rows: rows.map(({ last, text }) => ({ last, counts: lists.indexOf(text) })), lists };
}
