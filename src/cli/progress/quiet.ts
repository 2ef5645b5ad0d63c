import type { BuildEvent } from '../../build/options.js';
import type { ProgressMeter } from '../../progress/meter.js';
import type { ProgressReporter } from './reporter.js';
import { describeStanding } from './text.js';

/** Says nothing about progress unless it is asked; what becomes of other lines is `printLine`'s business. */
export class QuietReporter implements ProgressReporter {
  readonly printLine: (text: string) => void;
  readonly #meter: ProgressMeter;
  readonly #print: (text: string) => void;

  constructor(meter: ProgressMeter, print: (text: string) => void, printLine: (text: string) => void) {
    this.#meter = meter;
    this.#print = print;
    this.printLine = printLine;
  }

  onEvent(event: BuildEvent): void {
    this.#meter.onEvent(event);
    if (event.type === 'notice') this.printLine(event.message);
  }

  printStanding(): void {
    this.#print(describeStanding(this.#meter.read()));
  }

  stop(): void {}
}
