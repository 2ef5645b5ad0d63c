import { LIVE_CELLS, LIVE_LISTED } from '../../limits.js';
import type { JobCounts, LiveCells, LiveWorker } from './snapshot.js';

interface Lane {
  job: number | undefined;
  sinceMs: number;
  jobsDone: number;
}

/** Which jobs are done, running and failed, and who is at which: memory goes with the cells and the CPUs, not with the jobs. */
export class JobGrid {
  readonly #jobs: number;
  readonly #jobsPerCell: number;
  readonly #done: Uint32Array;
  readonly #failed = new Set<number>();
  readonly #lanes: Lane[];
  /** The jobs that run on other machines. */
  #elsewhere = new Set<number>();
  #jobsDone = 0;

  constructor(jobs: number, workers: number, nowMs: number) {
    this.#jobs = jobs;
    this.#jobsPerCell = Math.max(1, Math.ceil(jobs / LIVE_CELLS));
    this.#done = new Uint32Array(Math.ceil(jobs / this.#jobsPerCell));
    this.#lanes = Array.from({ length: workers }, () => ({ job: undefined, sinceMs: nowMs, jobsDone: 0 }));
  }

  start(job: number, worker: number, nowMs: number): void {
    const lane = this.#lanes[worker];
    if (!lane) return;
    lane.job = job;
    lane.sinceMs = nowMs;
  }

  /** Takes note of all jobs that run on other machines now. */
  setElsewhere(jobs: readonly number[]): void {
    this.#elsewhere = new Set(jobs);
  }

  finish(job: number, nowMs: number): void {
    this.markDone(job);
    const lane = this.#release(job, nowMs);
    if (lane) lane.jobsDone += 1;
  }

  fail(job: number, nowMs: number): void {
    this.#failed.add(job);
    this.#release(job, nowMs);
  }

  /** Takes note of a job that an earlier run has done. */
  markDone(job: number): void {
    const cell = Math.floor(job / this.#jobsPerCell);
    this.#done[cell] = (this.#done[cell] ?? 0) + 1;
    this.#jobsDone += 1;
  }

  /** Nothing runs any more. */
  stop(nowMs: number): void {
    for (const job of this.#listRunning()) this.#release(job, nowMs);
  }

  count(): JobCounts {
    const running = this.#listRunning().length;
    return { all: this.#jobs, done: this.#jobsDone, running, failed: this.#failed.size };
  }

  readCells(): LiveCells {
    return {
      jobsPerCell: this.#jobsPerCell,
      done: [...this.#done],
      running: this.#listRunning(),
      failed: [...this.#failed].slice(0, LIVE_CELLS),
    };
  }

  readWorkers(nowMs: number): LiveWorker[] {
    return this.#lanes.slice(0, LIVE_LISTED).map(({ job, sinceMs, jobsDone }) => ({
      ...(job !== undefined && { job }),
      forMs: Math.round(nowMs - sinceMs),
      jobsDone,
    }));
  }

  #listRunning(): number[] {
    return [...this.#lanes.flatMap(({ job }) => job ?? []), ...this.#elsewhere];
  }

  #release(job: number, nowMs: number): Lane | undefined {
    this.#elsewhere.delete(job);
    const lane = this.#lanes.find((candidate) => candidate.job === job);
    if (!lane) return undefined;
    lane.job = undefined;
    lane.sinceMs = nowMs;
    return lane;
  }
}
