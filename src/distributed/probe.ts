import { queueUnreachable } from '../errors.js';
import { QUEUE_CONNECT_MS } from '../limits.js';
import { importPostgres, importRedis } from './packages.js';
import { describePostgres, describeRedisTls, type QueueAddress } from './queue-address.js';

/** The oldest servers that the queues work with. */
const REDIS_MIN = [6, 2] as const;

/**
 * Reaches the server once, with a connection of its own that does not try again: what is wrong shows at once. Throws IO where it is
 * not there, refuses, or is not fit for a queue. Gives the server's time, in ms since 1970.
 */
export async function probeServer(address: QueueAddress): Promise<number> {
  try {
    return await (address.kind === 'redis' ? probeRedis(address) : probePostgres(address));
  } catch (error) {
    throw queueUnreachable(address.place, describe(error));
  }
}

async function probeRedis(address: QueueAddress): Promise<number> {
  const { host, port, user, password } = address;
  const { Redis } = await importRedis();
  const client = new Redis({
    host,
    port,
    ...(user !== undefined && { username: user }),
    ...(password !== undefined && { password }),
    ...describeRedisTls(address),
    lazyConnect: true,
    connectTimeout: QUEUE_CONNECT_MS,
    commandTimeout: QUEUE_CONNECT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: null,
  });
  let failure: unknown;
  client.on('error', (error) => (failure ??= error));
  try {
    await client.connect();
    refuseUnfit(await client.info());
    const [seconds, micros] = await client.time();
    return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
  } catch (error) {
    throw failure ?? error;
  } finally {
    client.disconnect();
  }
}

function refuseUnfit(info: string): void {
  const read = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  const version = read('redis_version') ?? '';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < REDIS_MIN[0] || (major === REDIS_MIN[0] && minor < REDIS_MIN[1]))
    throw new Error(`its version ${version} is older than ${REDIS_MIN.join('.')}`);
  const policy = read('maxmemory_policy') ?? 'noeviction';
  if (policy !== 'noeviction') throw new Error(`its maxmemory-policy is ${policy} and must be noeviction`);
}

async function probePostgres(address: QueueAddress): Promise<number> {
  const { Client } = await importPostgres();
  const client = new Client({
    ...describePostgres(address),
    query_timeout: QUEUE_CONNECT_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const text = `SELECT extract(epoch FROM clock_timestamp()) * 1000 AS ms,
      has_database_privilege(current_database(), 'TEMPORARY') AS "mayMakeTemporary"`;
    const { rows } = await client.query<{ ms: string; mayMakeTemporary: boolean }>(text);
    // BullMQ adds jobs by one: without it a build would wait for the queue in vain.
    if (rows[0]?.mayMakeTemporary !== true)
      throw new Error('its user needs the right TEMPORARY on the database');
    return Math.floor(Number(rows[0].ms));
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** An error of several addresses has no message of its own. */
function describe(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return describe(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
