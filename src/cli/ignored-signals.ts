import { closeSync, fstatSync, readSync, statSync, type Stats } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isatty } from 'node:tty';

/** The signals that stop a command in order. */
export const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type StopSignal = (typeof STOP_SIGNALS)[number];

const ignored = new Set<StopSignal>();

/** From now on these signals have no effect on this process, whatever else listens for them. */
export function ignoreSignals(signals: Iterable<StopSignal>): void {
  for (const name of signals) {
    if (ignored.has(name)) continue;
    ignored.add(name);
    // Without a listener Node would end the process.
    process.on(name, () => undefined);
    if (name === 'SIGHUP') outliveTerminals();
  }
}

/** Whether `ignoreSignals` was told of this signal. */
export function isIgnored(name: StopSignal): boolean {
  return ignored.has(name);
}

/**
 * Ignores SIGHUP where nohup started this process. Before our code runs, Node resets the signals that a process
 * inherits as ignored, and /proc shows nothing of them either. So nohup is recognized by the files that it opens.
 */
export function ignoreHangupUnderNohup(): void {
  if (hasInputOfNohup() || [1, 2].some(isOutputOfNohup)) ignoreSignals(['SIGHUP']);
}

/** In place of a terminal's input nohup opens /dev/null, for writing alone: reading from it fails. */
function hasInputOfNohup(): boolean {
  const input = tryTo(() => fstatSync(0));
  const nowhere = tryTo(() => statSync('/dev/null'));
  if (input === undefined || input.rdev !== nowhere?.rdev || !input.isCharacterDevice()) return false;
  try {
    readSync(0, Buffer.alloc(1));
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EBADF';
  }
}

/** What would go to a terminal nohup puts into `nohup.out`, in the current folder or else in the home folder. */
function isOutputOfNohup(descriptor: number): boolean {
  const output = tryTo(() => fstatSync(descriptor));
  if (output?.isFile() !== true) return false;
  return ['.', tryTo(homedir) ?? '.'].some((folder) => isSameFile(output, join(folder, 'nohup.out')));
}

function isSameFile(file: Stats, path: string): boolean {
  const other = tryTo(() => statSync(path));
  return other?.ino === file.ino && other.dev === file.dev;
}

/** Node 20 aborts, with a core dump, when it ends after its terminal did; it passes over closed descriptors. */
function outliveTerminals(): void {
  const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));
  process.once('exit', () => {
    for (const descriptor of terminals) if (!isatty(descriptor)) tryTo(() => closeSync(descriptor));
  });
}

function tryTo<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
