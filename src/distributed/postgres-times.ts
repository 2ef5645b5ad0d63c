import type { ServerClock } from './server-clock.js';

/**
 * Which parameter of BullMQ's commands for PostgreSQL is the time by the machine that gives them. The server writes down until when a
 * lock holds by it, and compares it with what others wrote: machines whose clocks differ would take each other's jobs, or leave those
 * of a dead one for ever. (Redis counts locks by its own clock.)
 */
const TIME_AT: Readonly<Record<string, number>> = {
  move_to_active: 3,
  next_signal: 2,
  move_to_completed_fetch: 9,
  move_to_failed_fetch: 10,
  move_active_to_wait: 3,
  move_stalled_jobs_to_wait: 2,
  extend_lock: 4,
  extend_locks: 4,
};

/** What is used of a backend of BullMQ for PostgreSQL. */
interface Backend {
  run(command: string, params: readonly unknown[]): Promise<unknown>;
}

/** Has a backend give its commands the time of the server, in place of this machine's. */
export function giveServerTimes<T>(backend: T, clock: ServerClock): T {
  const commands = backend as Backend;
  const run = commands.run.bind(commands);
  commands.run = async (command, params) => {
    const at = TIME_AT[command];
    return run(command, at === undefined ? params : params.with(at, await clock.now()));
  };
  return backend;
}
