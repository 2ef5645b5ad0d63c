import type { ConnectionOptions, Processor, Queue, Worker, WorkerOptions } from 'bullmq';
import {
  QUEUE_CONNECT_MS,
  QUEUE_LOCK_MS,
  QUEUE_MAX_STALLS,
  QUEUE_RECONNECT_MS,
  QUEUE_SILENCE_MS,
  QUEUE_STALL_CHECK_MS,
} from '../limits.js';
import { importBullMq, importPostgres, importRedis } from './packages.js';
import { probeServer } from './probe.js';
import { bearLostConnections, giveServerTimes } from './postgres-backend.js';
import { describePostgres, describeRedisTls, type QueueAddress } from './queue-address.js';
import { ServerClock } from './server-clock.js';

/** The queue of jobs of all builds on a server. */
export const JOB_QUEUE = 'sigtables';

/** The queue in which builds and machines say that they are there; nobody takes jobs from it. */
export const BOARD_QUEUE = 'sigtables-board';

/** The beginning of all keys in Redis, so that an access rule can name them. */
const REDIS_PREFIX = 'sigtables';

/** A server that queues are on: Redis, Valkey or PostgreSQL. */
export interface QueueServer {
  /** How messages name it: without credentials. */
  readonly place: string;
  /** The server's own time, in ms since 1970; machines compare no other. */
  now(): Promise<number>;
  openQueue(name: string): Queue;
  /** A worker that takes jobs as soon as it is told to `run`. */
  openWorker(name: string, processor: Processor, options: Partial<WorkerOptions>): Worker;
  /** From now on a lost connection stays lost: a server that is away would keep a process up that is done with it. */
  leave(): void;
}

/** Reaches the server once. Throws USAGE for a missing package, IO where the server is not there or refuses. */
export async function openServer(address: QueueAddress): Promise<QueueServer> {
  const bullmq = await importBullMq();
  await (address.kind === 'redis' ? importRedis() : importPostgres());
  const clock = new ServerClock(() => probeServer(address), await probeServer(address));
  const isRedis = address.kind === 'redis';
  let isLeft = false;
  const retryStrategy = (times: number): number | null =>
    isLeft ? null : Math.min(times * 200, QUEUE_RECONNECT_MS);
  const connection = (
    isRedis ? { ...connectToRedis(address), retryStrategy } : connectToPostgres(address)
  ) as ConnectionOptions;
  // Its own check of the server's version prints: `probeServer` has done it.
  const options = { connection, ...(isRedis && { prefix: REDIS_PREFIX, skipVersionCheck: true }) };
  // The types of the two backends differ; what is used of them does not.
  const { createPostgresBackend } = bullmq;
  const create: typeof createPostgresBackend = (...given) =>
    bearLostConnections(giveServerTimes(createPostgresBackend(...given), clock));
  const backend = isRedis ? undefined : (create as never);
  return {
    place: address.place,
    now: () => clock.now(),
    leave: () => void (isLeft = true),
    openQueue: (name) => new bullmq.Queue(name, options, backend),
    openWorker: (name, processor, more) =>
      new bullmq.Worker(
        name,
        processor,
        {
          ...options,
          autorun: false,
          lockDuration: QUEUE_LOCK_MS,
          stalledInterval: QUEUE_STALL_CHECK_MS,
          maxStalledCount: QUEUE_MAX_STALLS,
          runRetryDelay: QUEUE_RECONNECT_MS,
          ...more,
        },
        backend,
      ),
  };
}

function connectToRedis(address: QueueAddress): object {
  const { host, port, user, password, database } = address;
  return {
    host,
    port,
    ...(user !== undefined && { username: user }),
    ...(password !== undefined && { password }),
    ...(database !== undefined && { db: Number(database) }),
    ...describeRedisTls(address),
    maxRetriesPerRequest: null,
    connectTimeout: QUEUE_CONNECT_MS,
    socketTimeout: QUEUE_SILENCE_MS,
  };
}

function connectToPostgres(address: QueueAddress): object {
  return {
    ...describePostgres(address),
    query_timeout: QUEUE_SILENCE_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: QUEUE_RECONNECT_MS,
    application_name: 'sigtables',
    migrate: true,
  };
}
