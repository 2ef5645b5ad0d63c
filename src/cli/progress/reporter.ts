import type { BuildEvent } from '../../build/options.js';
import { toPrintable } from '../../errors/quoting.js';
import { colorsFor } from '../colors.js';
import type { ProgressMode } from '../flags.js';
import { LinesReporter } from './lines.js';
import { ProgressMeter } from '../../progress/meter.js';
import { QuietReporter } from './quiet.js';

/** Tells a user how a build gets on. */
export interface ProgressReporter {
  onEvent(event: BuildEvent): void;
  /** Prints a line of text without damage to what is on the screen. */
  printLine(text: string): void;
  /** Prints where the build stands, now, whatever the mode. */
  printStanding(): void;
  /** Leaves the screen as a shell expects it; further calls do nothing. */
  stop(): void;
}

/** Where progress is written: standard error, or a stand-in. */
export interface ProgressStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number | undefined;
}

interface ReporterOptions {
  readonly mode: ProgressMode;
  readonly intervalMs: number;
  readonly isQuiet: boolean;
}

/** The reporter for `mode`; a bar needs a terminal, elsewhere it becomes lines. */
export async function createReporter(
  options: ReporterOptions,
  stream: ProgressStream,
): Promise<ProgressReporter> {
  const print = (text: string): void => {
    stream.write(`sigtables: ${toPrintable(text)}\n`);
  };
  const meter = new ProgressMeter();
  const mode = chooseMode(options.mode, stream);
  if (options.isQuiet) return new QuietReporter(meter, print, () => {});
  if (mode === 'none') return new QuietReporter(meter, print, print);
  if (mode === 'plain') return new LinesReporter(meter, print, options.intervalMs);
  const { BarReporter } = await import('./bar.js');
  const others = stream === process.stderr && process.stdout.isTTY ? [process.stdout] : [];
  return new BarReporter(meter, stream, colorsFor(stream), others);
}

function chooseMode(mode: ProgressMode, stream: ProgressStream): Exclude<ProgressMode, 'auto'> {
  if (mode === 'plain' || mode === 'none') return mode;
  if (stream.isTTY !== true) return 'plain';
  const isLog = process.env['TERM'] === 'dumb' || !['', '0', 'false', undefined].includes(process.env['CI']);
  return mode === 'auto' && isLog ? 'plain' : 'bar';
}
