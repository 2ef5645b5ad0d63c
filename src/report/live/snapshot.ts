import type { MachineStanding } from '../../build/options.js';

/** What a live page is told, as JSON: where a build stands. Whole numbers that may pass 2^53 are decimal strings. */
export interface LiveSnapshot {
  readonly heading: string;
  readonly details: string;
  readonly phase: LivePhase;
  /** How it ended, in a line, where there is more to say than the phase. */
  readonly ending?: string;
  readonly jobs: JobCounts;
  /** Bytes done of all, 0 to 1. */
  readonly fraction: number;
  readonly numbersDone: string;
  readonly bytesDone: string;
  readonly numbersPerS?: number;
  readonly bytesPerS?: number;
  readonly elapsedMs: number;
  readonly leftMs?: number;
  readonly placing?: { readonly done: number; readonly steps: number };
  readonly cells: LiveCells;
  readonly history: LiveHistory;
  readonly workers: readonly LiveWorker[];
  /** Workers that are not listed. */
  readonly moreWorkers: number;
  readonly machines: readonly MachineStanding[];
  readonly moreMachines: number;
  /** The newest last. */
  readonly messages: readonly string[];
}

export type LivePhase = 'preparing' | 'running' | 'placing' | 'finishing' | 'done' | 'stopped' | 'failed';

export interface JobCounts {
  readonly all: number;
  readonly done: number;
  readonly running: number;
  readonly failed: number;
}

/** The grid: cell i stands for the jobs from i · jobsPerCell on. */
export interface LiveCells {
  readonly jobsPerCell: number;
  /** How many jobs of each cell are done. */
  readonly done: readonly number[];
  /** The jobs that run, and those that failed for good. */
  readonly running: readonly number[];
  readonly failed: readonly number[];
  /** Job i ends before (first + i + 1) · chunk; absent where jobs are no parts of the range. */
  readonly bounds?: { readonly start: string; readonly end: string; readonly chunk: string };
}

/** Rates over time, one entry for each moment. */
export interface LiveHistory {
  readonly atMs: readonly number[];
  readonly numbersPerS: readonly number[];
  readonly bytesPerS: readonly number[];
}

export interface LiveWorker {
  /** The job that it is at; absent while it waits. */
  readonly job?: number;
  /** How long it has been at it, or waiting. */
  readonly forMs: number;
  readonly jobsDone: number;
}
