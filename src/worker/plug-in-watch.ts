import { setImmediate as nextTurn } from 'node:timers/promises';
import { plugInCrashed, plugInExited } from '../errors.js';
import { describeThrown } from '../signatures/plug-in/thrown.js';

/** What code of a plug-in threw in this thread outside of any call of ours; `undefined` while nothing was. */
let crash: Error | undefined;
let isWatching = false;
const waiting = new Set<(error: Error) => void>();

/**
 * From now on, keeps the first failure of the plug-in `file` outside of a call: an unhandled rejection, a throw in a timer
 * or an event, an error of a thread that it started. Without this the thread would die, perhaps after its last job, unseen.
 */
export function watchPlugIn(file: string): void {
  if (isWatching) return;
  isWatching = true;
  process.on('uncaughtException', (error: unknown) => {
    crash ??= plugInCrashed(file, describeThrown(error, file), error);
    for (const reject of waiting) reject(crash);
  });
  // In a thread it would end the thread alone, and its job would be given to another one.
  // eslint-disable-next-line no-restricted-properties -- it is taken from the plug-in here, not called
  process.exit = () => {
    crash ??= plugInExited(file);
    throw new Error('process.exit() was called');
  };
}

/** The result of `action`. Rejects with a JOB error once the plug-in crashes: what it waits for may never come then. */
export async function untilCrash<T>(action: Promise<T>): Promise<T> {
  let rejectNow: (error: Error) => void = () => undefined;
  const crashed = new Promise<never>((_, reject) => {
    rejectNow = reject;
  });
  waiting.add(rejectNow);
  try {
    return await Promise.race([action, crashed]);
  } finally {
    waiting.delete(rejectNow);
  }
}

/**
 * Lets come out what the plug-in's calls have left behind: rejections, and timers that are due. Call it before a task's answer
 * goes out. Throws a JOB error where the plug-in failed outside of a call.
 */
export async function checkPlugIn(): Promise<void> {
  if (!isWatching) return;
  await nextTurn();
  if (crash) throw crash;
}
