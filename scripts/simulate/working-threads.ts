import { Heap } from './heap.js';
import type { Model } from './model.js';
import { shareRate } from './shared-rates.js';

/** A job on a thread; `isLost` when its machine has failed. */
export interface RunningJob {
  readonly machine: number;
  readonly kind: number;
  readonly bytes: number;
  readonly startedAt: number;
  isLost: boolean;
}

/**
 * The threads that are writing. All threads of a kind go at one rate at a time, so that a kind has one clock of bytes
 * written per thread, and a job ends at a fixed reading of it: no rate change touches more than the clocks.
 */
export class WorkingThreads {
  private readonly diskRate: number;
  private readonly wants: number[];
  private readonly counts: number[];
  private readonly clocks: number[];
  private readonly ends: Heap<RunningJob>[];
  private rates: number[];

  constructor(model: Model) {
    this.diskRate = model.diskRate;
    const { machines, cpuRate, bytesPerNumber, networkRate } = model;
    this.wants = machines.map(({ cpus, speed }) =>
      Math.min(cpuRate * speed * bytesPerNumber, networkRate / cpus),
    );
    this.counts = machines.map(() => 0);
    this.clocks = machines.map(() => 0);
    this.ends = machines.map(() => new Heap());
    this.rates = this.share();
  }

  /** Lets `seconds` pass. */
  advance(seconds: number): void {
    for (const [kind, rate] of this.rates.entries()) this.clocks[kind]! += rate * seconds;
  }

  start(job: RunningJob): void {
    this.ends[job.kind]!.push(this.clocks[job.kind]! + job.bytes, job);
    this.change(job.kind, 1);
  }

  /** Takes a job away whose machine has failed. */
  lose(job: RunningJob): void {
    job.isLost = true;
    this.change(job.kind, -1);
  }

  /** Which kind's job ends next, and in how many seconds. */
  findNext(): { readonly kind: number; readonly seconds: number } | undefined {
    let next: { kind: number; seconds: number } | undefined;
    for (const [kind, ends] of this.ends.entries()) {
      while (ends.first?.isLost === true) ends.pop();
      if (ends.firstKey === undefined) continue;
      const seconds = Math.max(0, (ends.firstKey - this.clocks[kind]!) / this.rates[kind]!);
      if (next === undefined || seconds < next.seconds) next = { kind, seconds };
    }
    return next;
  }

  /** Ends the next job of a kind; call it when its time has come. */
  finish(kind: number): RunningJob {
    const job = this.ends[kind]!.pop()!;
    this.change(kind, -1);
    return job;
  }

  private change(kind: number, by: number): void {
    this.counts[kind]! += by;
    this.rates = this.share();
  }

  private share(): number[] {
    return shareRate(this.diskRate, this.wants, this.counts);
  }
}
