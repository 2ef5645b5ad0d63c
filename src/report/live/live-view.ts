import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BuildEvent } from '../../build/options.js';
import { portRefused } from '../../errors.js';
import { LIVE_UPDATE_MS } from '../../limits.js';
import { LiveState } from './live-state.js';
import { readPageFiles } from './page-files.js';
import { answerRequest, refuse } from './requests.js';
import { Viewers } from './viewers.js';

const ADDRESS = '127.0.0.1';

/** Where to serve a live page: port 0 lets the system choose; `name` is the flag or variable, for messages. */
export interface LiveOptions {
  readonly port: number;
  readonly name: string;
}

/** A page that shows a build while it runs. */
export interface LiveView {
  /** Where it is. */
  readonly url: string;
  onEvent(event: BuildEvent): void;
  /** Tells the pages how the build ended, and closes. */
  end(phase: 'done' | 'stopped' | 'failed', ending?: string): Promise<void>;
}

/**
 * Serves a live page on 127.0.0.1, to be looked at and nothing else. Neither it nor who looks at it keeps the process alive.
 * Throws USAGE where the port is not to be had.
 */
export async function startLiveView(options: LiveOptions): Promise<LiveView> {
  const files = await readPageFiles();
  const state = new LiveState();
  const viewers = new Viewers();
  const server = createServer((request, response) =>
    answerRequest(request, response, files, (viewer) => {
      if (viewers.areFull) return refuse(viewer, 503, 'Too many pages look at this build already.');
      viewer.writeHead(200, { 'Content-Type': 'text/event-stream' });
      viewers.add(viewer, state.read());
    }),
  );
  server.on('connection', (socket) => socket.unref());
  const port = await listen(server, options);
  const timer = setInterval(() => {
    state.tick();
    if (!viewers.areNone) viewers.send(state.read());
  }, LIVE_UPDATE_MS).unref();
  return {
    url: `http://${ADDRESS}:${port}/`,
    onEvent: (event) => state.onEvent(event),
    end: async (phase, ending) => {
      clearInterval(timer);
      state.end(phase, ending);
      server.close();
      await viewers.dismiss(state.read());
      server.closeAllConnections();
    },
  };
}

async function listen(server: Server, { port, name }: LiveOptions): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(portRefused(name, port, error)));
    server.listen({ host: ADDRESS, port, exclusive: true }, resolve);
  });
  // A connection that could not be taken on is its viewer's trouble, not the build's.
  server.on('error', () => undefined);
  server.unref();
  return (server.address() as AddressInfo).port;
}
