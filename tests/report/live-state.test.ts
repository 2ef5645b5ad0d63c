import { describe, expect, test } from 'vitest';
import type { BuildEvent } from '../../src/build/options.js';
import { LIVE_CELLS, LIVE_HISTORY_POINTS, LIVE_LISTED, LIVE_MESSAGES } from '../../src/limits.js';
import { History } from '../../src/report/live/history.js';
import { LiveState } from '../../src/report/live/live-state.js';
import { describeCell, tallyCells } from '../../src/report/live/page/cell-tally.js';
import { chooseTicks, chooseTimeTicks, formatTime } from '../../src/report/live/page/ticks.js';
import { jobDoneEvent, PLAN, startedEvent } from '../cli/progress/fake-build.js';

/** A state with a clock of its own. */
function createState(): { state: LiveState; wait: (ms: number) => void } {
  let nowMs = 0;
  const state = new LiveState(() => nowMs);
  return { state, wait: (ms) => (nowMs += ms) };
}

function startMany(jobs: number, cpus = 2): BuildEvent {
  const done = { jobsDone: 0, numbersDone: 0n, bytesDone: 0n };
  return { type: 'started', plan: { ...PLAN, jobs: BigInt(jobs) }, out: 'tables', cpus, ...done };
}

describe('what a live page is told', () => {
  test('before the build begins', () => {
    expect(new LiveState().read()).toMatchObject({ phase: 'preparing', jobs: { all: 0 }, workers: [] });
  });

  test('who is at what, and since when', () => {
    const { state, wait } = createState();
    state.onEvent(startedEvent());
    state.onEvent({ type: 'job-started', job: 0, worker: 0 });
    state.onEvent({ type: 'job-started', job: 1, worker: 1 });
    wait(2000);
    state.onEvent(jobDoneEvent(1));
    wait(500);
    expect(state.read()).toMatchObject({
      phase: 'running',
      fraction: 0.1,
      jobs: { all: 10, done: 1, running: 1, failed: 0 },
      workers: [
        { forMs: 500, jobsDone: 1 },
        { job: 1, forMs: 2500, jobsDone: 0 },
      ],
      cells: { jobsPerCell: 1, done: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0], running: [1] },
    });
  });

  test('what an earlier run has done', () => {
    const { state } = createState();
    state.onEvent({ ...startedEvent(2), listDone: () => [3, 7] } as BuildEvent);
    const { jobs, cells } = state.read();
    expect(jobs.done).toBe(2);
    expect(cells.done).toEqual([0, 0, 0, 1, 0, 0, 0, 1, 0, 0]);
  });

  test('a job that failed', () => {
    const { state } = createState();
    state.onEvent(startedEvent());
    state.onEvent({ type: 'job-started', job: 0, worker: 0 });
    state.onEvent({ type: 'job-failed', job: 0 });
    expect(state.read()).toMatchObject({
      jobs: { running: 0, failed: 1 },
      cells: { failed: [0], running: [] },
    });
  });

  test('nothing runs, and no time passes, once it is over', () => {
    const { state, wait } = createState();
    state.onEvent(startedEvent());
    state.onEvent({ type: 'job-started', job: 0, worker: 0 });
    wait(1000);
    state.end('failed', 'a reason');
    wait(1000);
    const over = { phase: 'failed', ending: 'a reason', elapsedMs: 1000, jobs: { running: 0 } };
    expect(state.read()).toMatchObject(over);
    state.end('done');
    expect(state.read()).toMatchObject(over);
  });

  test('is bounded, whatever the number of jobs, workers, machines and messages', () => {
    const { state } = createState();
    state.onEvent(startMany(9_999_999, 1024));
    for (let worker = 0; worker < 1024; worker++)
      state.onEvent({ type: 'job-started', job: 9000 * worker, worker });
    const machine = { host: 'host', threads: 4, jobsRunning: 4, numbersPerS: 1 };
    state.onEvent({ type: 'machines', machines: Array.from({ length: 300 }, () => machine) });
    for (let i = 0; i < 100; i++) state.onEvent({ type: 'notice', message: `notice ${i}` });
    const told = state.read();
    expect(told.cells.jobsPerCell).toBe(10_000);
    expect(told.cells.done).toHaveLength(LIVE_CELLS);
    expect(told.workers).toHaveLength(LIVE_LISTED);
    expect(told.moreWorkers).toBe(1024 - LIVE_LISTED);
    expect(told.machines).toHaveLength(LIVE_LISTED);
    expect(told.moreMachines).toBe(300 - LIVE_LISTED);
    expect(told.messages).toHaveLength(LIVE_MESSAGES);
    expect(told.messages.at(-1)).toBe('notice 99');
    expect(JSON.stringify(told).length).toBeLessThan(40_000);
  });

  test('a check has no workers of its own, and its jobs are no parts of the range', () => {
    const { state } = createState();
    state.onEvent({ ...startedEvent(), work: 'checking' } as BuildEvent);
    const told = state.read();
    expect(told).toMatchObject({ heading: 'Checking 10,000,000 numbers', workers: [] });
    expect(told.cells.bounds).toBeUndefined();
  });
});

test('rates keep their whole time in a bounded number of points', () => {
  const history = new History();
  for (let atMs = 500; atMs <= 3_600_000; atMs += 500) history.add(atMs, atMs, 2 * atMs);
  const { atMs, numbersPerS, bytesPerS } = history.read();
  expect(atMs.length).toBeLessThan(LIVE_HISTORY_POINTS);
  expect(atMs.length).toBeGreaterThan(LIVE_HISTORY_POINTS / 4);
  expect(atMs[0]).toBe(500);
  expect(atMs.at(-1)).toBeGreaterThan(3_500_000);
  expect(numbersPerS).toEqual(atMs);
  expect(bytesPerS.at(-1)).toBe(2 * (atMs.at(-1) ?? 0));
});

describe('a cell of the grid', () => {
  test('names its jobs, its numbers and how they stand', () => {
    const { state } = createState();
    state.onEvent(startedEvent());
    state.onEvent({ type: 'job-started', job: 0, worker: 0 });
    const told = state.read();
    const [first, second] = tallyCells(told);
    expect(describeCell(first!, told.cells)).toBe('Job 0, numbers 10,000,000 to 10,999,999: running');
    expect(describeCell(second!, told.cells)).toBe('Job 1, numbers 11,000,000 to 11,999,999: waiting');
  });

  test('of several jobs says how many are what; the last one may have fewer', () => {
    const { state } = createState();
    state.onEvent(startMany(2500));
    for (const job of [0, 1]) state.onEvent({ ...jobDoneEvent(1), job } as BuildEvent);
    state.onEvent({ type: 'job-started', job: 2, worker: 0 });
    state.onEvent({ type: 'job-started', job: 5, worker: 1 });
    state.onEvent({ type: 'job-failed', job: 5 });
    const { cells, jobs } = state.read();
    const tallies = tallyCells({ ...state.read(), cells: { ...cells } });
    const { bounds, ...unbound } = cells;
    expect(bounds).toBeDefined();
    expect(jobs).toMatchObject({ done: 2, running: 1, failed: 1 });
    expect(tallies.slice(0, 3).map((tally) => tally.state)).toEqual(['running', 'failed', 'waiting']);
    expect(describeCell(tallies[0]!, unbound)).toBe('Jobs 0 to 2: 2 done, 1 running');
    expect(describeCell(tallies[1]!, unbound)).toBe('Jobs 3 to 5: 1 failed, 2 waiting');
    expect(tallies).toHaveLength(834);
    expect(tallies.at(-1)?.jobs).toBe(1);
  });
});

test('axes have round values', () => {
  expect(chooseTicks(162, 3)).toEqual([0, 100, 200]);
  expect(chooseTicks(0, 3).at(-1)).toBeGreaterThan(0);
  for (const top of [1, 7, 99, 1234, 9.9e9]) {
    expect(chooseTicks(top, 3).length).toBeLessThanOrEqual(4);
    expect(chooseTicks(top, 3).at(-1)).toBeGreaterThanOrEqual(top);
  }
  expect(chooseTimeTicks(4000, 5)).toEqual([0, 1000, 2000, 3000, 4000]);
  expect(chooseTimeTicks(86_400_000 * 30, 5).length).toBeLessThanOrEqual(6);
  expect([0, 1500, 90_000, 7_200_000, 90_000_000].map(formatTime)).toEqual([
    '0',
    '2s',
    '1m 30s',
    '2h',
    '1d 1h',
  ]);
});
