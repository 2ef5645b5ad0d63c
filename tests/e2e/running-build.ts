import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningCommand, startCommand } from './harness.js';

/** Asks for progress as lines, as often as it can be had. */
export const PLAIN_PROGRESS = ['--progress', 'plain', '--progress-interval', '0.1'] as const;

/** A build under way, and what it has said on standard error. */
export interface RunningBuild {
  readonly process: RunningCommand;
  readonly saidSoFar: () => string;
  /** Resolves to whether `pattern` was said before the build ended. */
  says(pattern: RegExp): Promise<boolean>;
}

/** Starts a build with plain progress in the working directory `cwd`. */
export function startBuild(args: readonly string[], cwd: string): RunningBuild {
  const process = startCommand(['build', ...args, ...PLAIN_PROGRESS], { cwd });
  let said = '';
  process.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const says = async (pattern: RegExp): Promise<boolean> => {
    while (!pattern.test(said) && !process.stderr.closed) await sleep(2);
    return pattern.test(said);
  };
  return { process, saidSoFar: () => said, says };
}

/** Runs a build up to its first progress line with a finished job, and ends it by `signal`; whether it was in time. */
export async function interruptBuild(
  args: readonly string[],
  cwd: string,
  signal: NodeJS.Signals,
): Promise<{ isInterrupted: boolean; exitCode: number | undefined; stdout: string; stderr: string }> {
  const running = startBuild(args, cwd);
  const { done = 0 } = readStart((await running.says(/ on \d+ CPUs?.*\n/)) ? running.saidSoFar() : '');
  await running.says(new RegExp(`^sigtables: (?!${String(done)}/)[\\d,]+/[\\d,]+ jobs`, 'm'));
  running.process.kill(signal);
  const { exitCode, signal: endedBy, stdout, stderr } = await running.process;
  return { isInterrupted: endedBy !== undefined || exitCode !== 0, exitCode, stdout, stderr };
}

/** What the first line of progress says: how many jobs there are, and how many an earlier run had done. */
export function readStart(stderr: string): { jobs?: number; done?: number } {
  const [, jobs, done = '0'] =
    /: ([\d,]+) jobs? on \d+ CPUs?(?:, ([\d,]+) of them done before)?$/m.exec(stderr) ?? [];
  return jobs === undefined ? {} : { jobs: toNumber(jobs), done: toNumber(done) };
}

/** How many jobs an interrupted build says it has kept. */
export function readKept(stderr: string): number | undefined {
  const kept = /^sigtables: stopped by SIG\w+: ([\d,]+) of [\d,]+ jobs/m.exec(stderr)?.[1];
  return kept === undefined ? undefined : toNumber(kept);
}

function toNumber(text: string): number {
  return Number(text.replaceAll(',', ''));
}
