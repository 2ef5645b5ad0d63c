import type { BuildEvent } from '../build/options.js';
import { startLiveView, type LiveOptions, type LiveView } from '../report/live/live-view.js';
import type { Flags } from './flags.js';
import { findSetting, parsePort } from './options.js';
import type { ProgressReporter } from './progress/reporter.js';

/** A live page of a command that takes a while. */
export interface LiveReport {
  onEvent(event: BuildEvent): void;
  /** Waits for `running` and tells the page how it ended, whatever way that was. */
  tellEnd<Result extends { readonly outcome: string }>(running: Promise<Result>): Promise<Result>;
}

/** Serves the live page that `--dashboard` asks for, and prints its address; throws a usage error for a bad port or a taken one. */
export async function openLiveReport(
  flags: Flags,
  reporter: ProgressReporter,
): Promise<LiveReport | undefined> {
  const options = resolveLiveReport(flags);
  if (!options) return undefined;
  const view = await startLiveView(options);
  reporter.printLine(`dashboard: ${view.url}`);
  return {
    onEvent: (event) => view.onEvent(event),
    tellEnd: async (running) => {
      try {
        const result = await running;
        await tellOutcome(view, result.outcome);
        return result;
      } catch (error) {
        await view.end('failed', error instanceof Error ? error.message : String(error));
        throw error;
      }
    },
  };
}

/** The port that the flag or the variable names; absent where it says no. */
export function resolveLiveReport(flags: Flags): LiveOptions | undefined {
  const setting = findSetting(flags, 'dashboard');
  if (!setting) return undefined;
  const { name } = setting;
  const text = setting.text.trim().toLowerCase();
  if (['false', 'no', 'off'].includes(text)) return undefined;
  if (['true', 'yes', 'on'].includes(text)) return { port: 0, name };
  return { port: parsePort(setting), name };
}

async function tellOutcome(view: LiveView, outcome: string): Promise<void> {
  if (outcome === 'interrupted')
    await view.end('stopped', 'What is done is kept: the same command goes on from there.');
  else if (outcome === 'damaged')
    await view.end('failed', 'Files are missing or damaged: see what the command printed.');
  else await view.end('done');
}
