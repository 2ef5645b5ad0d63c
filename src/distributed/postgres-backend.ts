import type { EventEmitter } from 'node:events';
import type { ServerClock } from './server-clock.js';

/** What is used of a backend of BullMQ for PostgreSQL. */
interface Backend {
  query(text: string, params?: readonly unknown[]): Promise<unknown>;
}

/**
 * Has a backend give its commands the time of the server, in place of this machine's. The server writes down until when a lock holds by
 * it, and compares it with what others wrote: machines whose clocks differ would take each other's jobs, or leave those of a dead one
 * for ever. (Redis counts locks by its own clock.)
 */
export function giveServerTimes<T>(backend: T, clock: ServerClock): T {
  const commands = backend as Backend;
  const query = commands.query.bind(commands);
  commands.query = async (text, params) => {
    const at = findTimeParameter(text);
    // What is no time is left as it is: a text that names its parameters wrongly does less harm than a wrong value.
    if (at === undefined || typeof params?.[at] !== 'number') return query(text, params);
    return query(text, params.with(at, await clock.now()));
  };
  return backend;
}

/**
 * Which parameter of a command of BullMQ for PostgreSQL is the time by the machine that gives it, counted from 0: the one that its text
 * calls `now_ms`. Nothing where there is none. Versions of BullMQ may order parameters differently, so that no positions stand here.
 */
export function findTimeParameter(text: string): number | undefined {
  const position = /\$(\d+) now_ms\b/.exec(text)?.[1];
  return position === undefined ? undefined : Number(position) - 1;
}

/** What is known of such a backend's connections. */
interface Connected extends EventEmitter {
  readonly connection?: { readonly pool?: EventEmitter };
}

/**
 * Has a lost connection of a backend end nothing: BullMQ listens neither to a client that is in use between two commands nor, for a
 * worker's second backend, to the backend itself, and an error that nobody listens to ends the process. The next command tells of it.
 */
export function bearLostConnections<T>(backend: T): T {
  const ignore = (): void => undefined;
  const emitter = backend as unknown as Connected;
  emitter.on('error', ignore);
  emitter.connection?.pool?.on('connect', (client: EventEmitter) => client.on('error', ignore));
  return backend;
}
