import type { BuildEvent, MachineStanding, PlanFacts } from '../build/options.js';
import { RateWindow } from './rate-window.js';

type StartedEvent = Extract<BuildEvent, { type: 'started' }>;

/** Where a build stands at one moment; rates and times are of this run alone. */
export interface Standing {
  readonly jobsDone: number;
  readonly jobs: bigint;
  readonly numbersDone: bigint;
  readonly bytesDone: bigint;
  /** Bytes done of all, 0 to 1; 1 only when all are done. */
  readonly fraction: number;
  readonly numbersPerS: number | undefined;
  readonly bytesPerS: number | undefined;
  readonly elapsedMs: number;
  readonly leftMs: number | undefined;
  readonly isCommitting: boolean;
  /** Steps of putting grouped numbers together, done and of all; absent where there are none, or none is left. */
  readonly placing?: { readonly done: number; readonly steps: number };
  /** The machines that take the jobs, where they are given to a queue. */
  readonly machines?: readonly MachineStanding[];
}

/** Turns the events of a build into where it stands. */
export class ProgressMeter {
  readonly #now: () => number;
  #started: StartedEvent | undefined;
  #startMs = 0;
  #window = new RateWindow(0);
  #jobsDone = 0;
  #numbersDone = 0n;
  #bytesDone = 0n;
  #isCommitting = false;
  #placing: Standing['placing'];
  #machines: Standing['machines'];

  /** `now` gives milliseconds of a clock that only goes forward. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  onEvent(event: BuildEvent): void {
    if (event.type === 'started') this.#start(event);
    else if (event.type === 'job-done') this.#advance(event.jobsDone, event.numbersDone, event.bytesDone);
    else if (event.type === 'committing') this.#isCommitting = true;
    else if (event.type === 'machines') this.#machines = event.machines;
    else if (event.type === 'placing') this.#placing = event.done < event.steps ? event : undefined;
  }

  /** Where the build stands now; `undefined` before its first job. */
  read(): Standing | undefined {
    if (this.#started === undefined) return undefined;
    const nowMs = this.#now();
    const { plan } = this.#started;
    const rates = this.#window.measure(nowMs);
    return {
      jobsDone: this.#jobsDone,
      jobs: plan.jobs,
      numbersDone: this.#numbersDone,
      bytesDone: this.#bytesDone,
      fraction: this.#fractionOf(plan),
      numbersPerS: rates?.numbersPerS,
      bytesPerS: rates?.bytesPerS,
      elapsedMs: nowMs - this.#startMs,
      leftMs: rates && Math.max(0, this.#secondsLeft(plan, rates) * 1000 - rates.idleMs),
      isCommitting: this.#isCommitting,
      ...(this.#placing && { placing: this.#placing }),
      // Jobs that are put together are no machine's any more.
      ...(this.#started.queue !== undefined && this.#machines && { machines: this.#machines }),
    };
  }

  /** By bytes; where it is not known how many there will be, by numbers. */
  #fractionOf({ bytes, numbers }: PlanFacts): number {
    return bytes === undefined ? divide(this.#numbersDone, numbers) : divide(this.#bytesDone, bytes);
  }

  #secondsLeft({ bytes, numbers }: PlanFacts, rates: { numbersPerS: number; bytesPerS: number }): number {
    if (bytes === undefined) return Number(numbers - this.#numbersDone) / rates.numbersPerS;
    return Number(bytes - this.#bytesDone) / rates.bytesPerS;
  }

  #start(event: StartedEvent): void {
    this.#started = event;
    this.#startMs = this.#now();
    this.#window = new RateWindow(this.#startMs);
    this.#jobsDone = event.jobsDone;
    this.#numbersDone = event.numbersDone;
    this.#bytesDone = event.bytesDone;
  }

  #advance(jobsDone: number, numbersDone: bigint, bytesDone: bigint): void {
    if (this.#started === undefined) return;
    this.#jobsDone = jobsDone;
    this.#numbersDone = numbersDone;
    this.#bytesDone = bytesDone;
    const numbers = Number(numbersDone - this.#started.numbersDone);
    this.#window.add(this.#now(), numbers, Number(bytesDone - this.#started.bytesDone));
  }
}

/** Rounded down to a thousandth, so that 1 means all. */
function divide(done: bigint, all: bigint): number {
  return all === 0n ? 1 : Number((done * 1000n) / all) / 1000;
}
