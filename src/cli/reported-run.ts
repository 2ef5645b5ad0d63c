import type { BuildEvent } from '../build/options.js';
import type { Flags } from './flags.js';
import type { LiveReport } from './live-report.js';
import type { ProgressReporter } from './progress/reporter.js';
import type { SignalWatch } from './signals.js';

/** What the core takes besides its options to be stopped and watched. */
interface RunHooks {
  readonly signal: AbortSignal;
  readonly onEvent: (event: BuildEvent) => void;
}

/** How the result is to be printed. */
export interface PrintContext<Options> {
  readonly options: Options;
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  readonly signal: SignalWatch['received'];
}

/** The part of a long command that is its own. */
interface Command<Options, Result> {
  /** Checks the flags; nothing of the core is loaded before that. */
  readonly resolve: () => Promise<Options>;
  readonly load: () => Promise<{
    readonly run: (options: Options & RunHooks) => Promise<Result>;
    readonly print: (result: Result, context: PrintContext<Options>) => void;
  }>;
}

/** Runs a command that takes a while: with progress on standard error, and signals that stop it in order. */
export async function runReported<Options extends object, Result extends { readonly outcome: string }>(
  flags: Flags,
  command: Command<Options, Result>,
): Promise<void> {
  const { SignalWatch } = await import('./signals.js');
  const watch = new SignalWatch();
  let stopReporter = (): void => undefined;
  try {
    const { resolveJson, resolveProgress } = await import('./options.js');
    const options = await command.resolve();
    const progress = resolveProgress(flags);
    const isJson = resolveJson(flags);
    const [{ run, print }, { createReporter }] = await Promise.all([
      command.load(),
      import('./progress/reporter.js'),
    ]);
    const reporter = await createReporter(progress, process.stderr);
    watch.reporter = reporter;
    // Whatever ends the command, its last words begin on a line of their own.
    stopReporter = (): void => reporter.stop();
    process.prependListener('uncaughtException', stopReporter);
    const live = await startLiveReport(flags, reporter);
    const onEvent = (event: BuildEvent): void => {
      reporter.onEvent(event);
      live?.onEvent(event);
    };
    const running = run({ ...options, signal: watch.abortSignal, onEvent }).finally(() => reporter.stop());
    const result = await (live ? live.tellEnd(running) : running);
    // A summary tells the time of the whole command, the start and the end of its process and threads included.
    const timed = 'elapsedMs' in result ? { ...result, elapsedMs: performance.now() } : result;
    print(timed, { options, isJson, isQuiet: progress.isQuiet, signal: watch.received });
  } finally {
    watch.dispose();
    process.off('uncaughtException', stopReporter);
  }
}

/** The live page, where it is asked for; nothing of it is loaded otherwise. */
async function startLiveReport(flags: Flags, reporter: ProgressReporter): Promise<LiveReport | undefined> {
  const { findSetting } = await import('./options.js');
  if (findSetting(flags, 'dashboard') === undefined) return undefined;
  return (await import('./live-report.js')).openLiveReport(flags, reporter);
}
