import { formatCount } from '../../../format.js';
import type { LiveCells, LiveSnapshot } from '../snapshot.js';

export type CellState = 'done' | 'running' | 'failed' | 'partly' | 'waiting';

/** What a cell of the grid stands for. */
export interface CellTally {
  readonly state: CellState;
  /** Its first job, and how many there are. */
  readonly first: number;
  readonly jobs: number;
  readonly done: number;
  readonly running: number;
  readonly failed: number;
}

/** What each cell stands for: a failed job shows before a running one, and that before what is done. */
export function tallyCells({ cells, jobs: { all } }: LiveSnapshot): CellTally[] {
  const { jobsPerCell } = cells;
  const running = countByCell(cells.running, jobsPerCell);
  const failed = countByCell(cells.failed, jobsPerCell);
  return cells.done.map((done, i) => {
    const first = i * jobsPerCell;
    const tally = {
      first,
      jobs: Math.min(jobsPerCell, all - first),
      done,
      running: running.get(i) ?? 0,
      failed: failed.get(i) ?? 0,
    };
    return { ...tally, state: nameState(tally) };
  });
}

/** A cell in a line: which jobs, which numbers, how they stand. */
export function describeCell(tally: CellTally, { bounds }: LiveCells): string {
  const { first, jobs, done, running, failed } = tally;
  const name =
    jobs === 1
      ? `Job ${formatCount(first)}`
      : `Jobs ${formatCount(first)} to ${formatCount(first + jobs - 1)}`;
  const numbers = bounds ? `, numbers ${describeNumbers(first, jobs, bounds)}` : '';
  const waiting = Math.max(0, jobs - done - running - failed);
  const counts = [
    [done, 'done'],
    [running, 'running'],
    [failed, 'failed'],
    [waiting, 'waiting'],
  ] as const;
  const there = counts.filter(([count]) => count > 0);
  const standing =
    jobs === 1
      ? there.map(([, word]) => word)
      : there.map(([count, word]) => `${formatCount(count)} ${word}`);
  return `${name}${numbers}: ${standing.join(', ')}`;
}

/** Job bounds are multiples of the chunk, but for the range's own ends. */
function describeNumbers(first: number, jobs: number, bounds: NonNullable<LiveCells['bounds']>): string {
  const [start, end, chunk] = [BigInt(bounds.start), BigInt(bounds.end), BigInt(bounds.chunk)];
  const origin = start / chunk + BigInt(first);
  const from = origin * chunk;
  const to = (origin + BigInt(jobs)) * chunk;
  return `${formatCount(from < start ? start : from)} to ${formatCount((to > end ? end : to) - 1n)}`;
}

function nameState({ jobs, done, running, failed }: Omit<CellTally, 'state'>): CellState {
  if (failed > 0) return 'failed';
  if (running > 0) return 'running';
  if (done >= jobs) return 'done';
  return done > 0 ? 'partly' : 'waiting';
}

function countByCell(jobs: readonly number[], jobsPerCell: number): Map<number, number> {
  const counts = new Map<number, number>();
  for (const job of jobs) {
    const cell = Math.floor(job / jobsPerCell);
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  return counts;
}
