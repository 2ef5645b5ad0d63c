import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dashboardFailed } from '../errors.js';
import { importOptional } from './packages.js';
import type { QueueAddress } from './queue-address.js';
import { BOARD_QUEUE, JOB_QUEUE, openServer } from './queue-server.js';

/** Where a dashboard is to be, and who may see it. */
export interface DashboardOptions {
  readonly address: QueueAddress;
  readonly host: string;
  /** 0 has the system choose one. */
  readonly port: number;
  /** Asked for with any user name; nobody is asked unless given. */
  readonly password: string | undefined;
}

/** A dashboard that is open. */
export interface Dashboard {
  readonly url: string;
  close(): Promise<void>;
}

/** Opens Bull Board for a queue. Throws USAGE for a missing package, IO where the queue or the port cannot be used. */
export async function openDashboard(options: DashboardOptions): Promise<Dashboard> {
  const { address, host, port, password } = options;
  const { createBullBoard } = await importOptional('@bull-board/api', () => import('@bull-board/api'));
  const { BullMQAdapter } = await importOptional(
    '@bull-board/api',
    () => import('@bull-board/api/bullMQAdapter'),
  );
  const { ExpressAdapter } = await importOptional('@bull-board/express', () => import('@bull-board/express'));
  const server = await openServer(address);
  const queues = [JOB_QUEUE, BOARD_QUEUE].map((name) => server.openQueue(name));
  for (const queue of queues) queue.on('error', () => undefined);
  const serverAdapter = new ExpressAdapter();
  const adapters = queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true }));
  // Each of the two packages may bring a copy of the types of the other.
  createBullBoard({ queues: adapters, serverAdapter: serverAdapter as never });
  const board = serverAdapter.getRouter() as RequestListener;
  const listener = createServer((request, response) => {
    if (isAllowed(request, password)) return board(request, response);
    response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="sigtables"' }).end();
  });
  const close = async (): Promise<void> => {
    listener.closeAllConnections();
    listener.close();
    await Promise.all(queues.map((queue) => queue.close()));
  };
  try {
    const { port: chosen } = await listen(listener, host, port);
    return { url: `http://${host.includes(':') ? `[${host}]` : host}:${chosen}/`, close };
  } catch (error) {
    await close();
    throw dashboardFailed(host, port, error as Error);
  }
}

/** The names under which this machine reaches itself: a page of another site cannot ask under them. */
const OWN_NAMES = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

function isAllowed({ headers }: IncomingMessage, password: string | undefined): boolean {
  if (password === undefined) return OWN_NAMES.test(headers.host ?? '');
  const [scheme, encoded = ''] = (headers.authorization ?? '').split(' ');
  const given = Buffer.from(encoded, 'base64')
    .toString()
    .replace(/^[^:]*:/, '');
  return scheme?.toLowerCase() === 'basic' && timingSafeEqual(sumUp(given), sumUp(password));
}

/** Of one length, whatever the text. */
function sumUp(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function listen(listener: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, host, () => resolve(listener.address() as AddressInfo));
  });
}
