import { isIP } from 'node:net';
import { queueMalformed, queuePasswordUnescaped } from '../errors.js';
import { QUEUE_CONNECT_MS } from '../limits.js';

/** Where a queue is, and how to get in. */
export interface QueueAddress {
  readonly kind: 'redis' | 'postgres';
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** The number of a Redis database, or the name of a PostgreSQL one. */
  readonly database: string | undefined;
  readonly isEncrypted: boolean;
  /** The certificate of the authority that signed the server's, in PEM; those of the system unless given. */
  readonly ca: string | undefined;
  /** How messages name it: without credentials. */
  readonly place: string;
}

const KINDS: Readonly<Record<string, { kind: QueueAddress['kind']; port: number; isEncrypted: boolean }>> = {
  'redis:': { kind: 'redis', port: 6379, isEncrypted: false },
  'rediss:': { kind: 'redis', port: 6379, isEncrypted: true },
  'postgres:': { kind: 'postgres', port: 5432, isEncrypted: false },
  'postgresql:': { kind: 'postgres', port: 5432, isEncrypted: false },
};

const ENCRYPTED_MODES = ['require', 'verify-ca', 'verify-full'];

/** Parses the URL of a queue. Throws USAGE that names `name`, the flag or variable, and does not quote the URL. */
export function parseQueueAddress(text: string, name: string, ca?: string): QueueAddress {
  // A password that holds one of / ? # as it is ends the host there: its rest would be a path, and be shown as one.
  if (holdsStrayAt(text)) throw queuePasswordUnescaped(name);
  const url = parseUrl(text.trim(), name);
  const known = KINDS[url.protocol];
  const database = decode(url.pathname.slice(1), name);
  if (!known || url.hostname === '') throw queueMalformed(name);
  if (known.kind === 'redis' && !/^\d*$/.test(database)) throw queueMalformed(name);
  const isPostgres = known.kind === 'postgres';
  const asksForTls = ca !== undefined || ENCRYPTED_MODES.includes(url.searchParams.get('sslmode') ?? '');
  const port = url.port === '' ? known.port : Number(url.port);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const scheme = isPostgres ? 'postgres:' : url.protocol;
  return {
    kind: known.kind,
    host,
    port,
    user: decode(url.username, name) || undefined,
    password: decode(url.password, name) || undefined,
    database: database || undefined,
    isEncrypted: known.isEncrypted || (isPostgres && asksForTls),
    ca,
    place: `${scheme}//${url.hostname}:${port}${database === '' ? '' : `/${database}`}`,
  };
}

/** Whether an @ stands behind the host: no host, database or setting of a queue holds one that is not escaped. */
function holdsStrayAt(text: string): boolean {
  const rest = text.trim().replace(/^[^/]*\/\//, '');
  return /[/?#].*@/s.test(rest);
}

/** Whether a URL holds a password. */
export function holdsPassword({ password }: QueueAddress): boolean {
  return password !== undefined;
}

function parseUrl(text: string, name: string): URL {
  try {
    return new URL(text);
  } catch {
    throw queueMalformed(name);
  }
}

function decode(text: string, name: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw queueMalformed(name);
  }
}

/** Where pg is to connect to, and as whom. */
export function describePostgres({
  host,
  port,
  user,
  password,
  database,
  isEncrypted,
  ca,
}: QueueAddress): object {
  return {
    host,
    port,
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
    ...(database !== undefined && { database }),
    ...(isEncrypted && { ssl: ca === undefined ? {} : { ca } }),
    connectionTimeoutMillis: QUEUE_CONNECT_MS,
  };
}

/** How Redis is reached with TLS, if it is. An IP address is no server name: Node 26 refuses it, and checks the certificate by the host. */
export function describeRedisTls({ host, isEncrypted, ca }: QueueAddress): {
  tls?: { servername?: string; ca?: string };
} {
  if (!isEncrypted) return {};
  return { tls: { ...(isIP(host) === 0 && { servername: host }), ...(ca !== undefined && { ca }) } };
}
