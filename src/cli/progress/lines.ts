import type { BuildEvent } from '../../build/options.js';
import type { ProgressMeter } from '../../progress/meter.js';
import type { ProgressReporter } from './reporter.js';
import { describeStanding, describeStart } from './text.js';

/** Progress for logs: a line at the start, one every interval and one at the end. */
export class LinesReporter implements ProgressReporter {
  readonly printLine: (text: string) => void;
  readonly #meter: ProgressMeter;
  readonly #intervalMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(meter: ProgressMeter, print: (text: string) => void, intervalMs: number) {
    this.#meter = meter;
    this.#intervalMs = intervalMs;
    this.printLine = print;
  }

  onEvent(event: BuildEvent): void {
    this.#meter.onEvent(event);
    if (event.type === 'notice') this.printLine(event.message);
    if (event.type === 'started') this.#start(describeStart(event));
  }

  printStanding(): void {
    this.printLine(describeStanding(this.#meter.read()));
  }

  stop(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.printStanding();
  }

  #start(line: string): void {
    this.printLine(line);
    clearInterval(this.#timer);
    // Unreferenced: the clock of a log must not keep a process alive.
    this.#timer = setInterval(() => this.printStanding(), this.#intervalMs).unref();
  }
}
