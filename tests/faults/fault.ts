import type { Random } from './random.js';

/** One row of the table of faults. */
export interface Fault {
  /** As `--only` takes it: words with hyphens. */
  readonly name: string;
  /** What is done, in words. */
  readonly fault: string;
  /** What must happen. */
  readonly must: string;
  /** How many trials a short and a long run make. */
  readonly counts: { readonly short: number; readonly long: number };
  /** Measures times: no other trial may run beside it. */
  readonly isTimed?: boolean;
  /** What the suite has found of this, and how it was mended; for the README. */
  readonly found?: string;
  /** One trial; throws what is wrong, a `NotTested` where a means is missing, and a `NoMoreTrials` where all has been tried. */
  run(context: FaultContext, random: Random): Promise<void>;
}

/** What a trial is given. */
export interface FaultContext {
  /** From 0. */
  readonly trial: number;
  readonly isLong: boolean;
  /** For a trial that goes on as long as it is let: how long. */
  readonly minutes: number | undefined;
  /** A fresh folder, in memory where that can be had; removed after the trial. */
  readonly folder: string;
  /** Counts a word about this trial, such as `killed` or `too late`; the counts of all are printed at the end. */
  note(what: string): void;
  /** Runs at the end of the trial, whatever comes of it; the last one given runs first. */
  atEnd(tidy: () => Promise<unknown>): void;
}

/** The trial cannot be made here. */
export class NotTested extends Error {
  override readonly name = 'NotTested';

  /** `means` is what is missing, by name. */
  constructor(means: string) {
    super(`${means} is not available`);
  }
}

/** Every case has been tried: the rest of the trials is not needed. */
export class NoMoreTrials extends Error {
  override readonly name = 'NoMoreTrials';
}
