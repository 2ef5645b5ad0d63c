import cliProgress from 'cli-progress';
import { toPrintable } from '../../errors/quoting.js';
import type { BuildEvent } from '../../build/options.js';
import { BAR_FRAMES_PER_S } from '../../limits.js';
import type { colorsFor } from '../colors.js';
import { BarTerminal } from './bar-terminal.js';
import { ForeignOutput } from './foreign-output.js';
import type { ProgressMeter } from '../../progress/meter.js';
import type { ProgressReporter, ProgressStream } from './reporter.js';
import { describeStanding, describeStart, drawBar } from './text.js';

/**
 * Progress for a terminal: one line that cli-progress redraws by the clock, so that time goes on while no job ends.
 * Its own rates and time left are not used: they count what an earlier run had done, and jump with every burst of jobs.
 */
export class BarReporter implements ProgressReporter {
  readonly #meter: ProgressMeter;
  readonly #terminal: BarTerminal;
  readonly #bar: cliProgress.SingleBar;
  readonly #stream: ProgressStream;
  readonly #others: readonly ProgressStream[];
  #foreign: ForeignOutput[] = [];
  #isRunning = false;

  /** `others` are further streams that show up on the same terminal. */
  constructor(
    meter: ProgressMeter,
    stream: ProgressStream,
    colors: ReturnType<typeof colorsFor>,
    others: readonly ProgressStream[] = [],
  ) {
    this.#meter = meter;
    this.#stream = stream;
    this.#others = others;
    this.#terminal = new BarTerminal(stream);
    const draw = (): string => {
      const standing = meter.read();
      return standing === undefined ? '' : drawBar(standing, this.#terminal.getWidth(), colors.green);
    };
    // Lines above wipe the bar: it has to be drawn again even where it reads the same.
    // The option `terminal` is missing in the types.
    const options = { format: draw, fps: BAR_FRAMES_PER_S, forceRedraw: true, terminal: this.#terminal };
    this.#bar = new cliProgress.SingleBar(options);
  }

  onEvent(event: BuildEvent): void {
    this.#meter.onEvent(event);
    if (event.type === 'started') this.#start(event);
    if (event.type === 'job-done') this.#bar.update(event.jobsDone);
    if (event.type === 'notice') this.printLine(event.message);
  }

  printLine(text: string): void {
    this.#terminal.clearLine();
    this.#terminal.writeLine(`sigtables: ${toPrintable(text)}`);
    this.#redraw();
  }

  printStanding(): void {
    this.printLine(describeStanding(this.#meter.read()));
  }

  stop(): void {
    if (!this.#isRunning) return;
    this.#isRunning = false;
    this.#stream.off('resize', this.#redraw);
    this.#bar.stop();
    for (const foreign of this.#foreign.splice(0)) foreign.release();
  }

  #start(event: Extract<BuildEvent, { type: 'started' }>): void {
    this.printLine(describeStart(event));
    this.#bar.start(Number(event.plan.jobs), event.jobsDone);
    this.#isRunning = true;
    this.#stream.on('resize', this.#redraw);
    this.#foreign = [this.#stream, ...this.#others].map(
      (stream) => new ForeignOutput(stream, this.#makeRoom),
    );
  }

  readonly #redraw = (): void => {
    if (this.#isRunning) this.#bar.render();
  };

  readonly #makeRoom = (write: () => void): void => {
    if (this.#isRunning) this.#terminal.clearLine();
    write();
    this.#redraw();
  };
}
