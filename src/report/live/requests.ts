import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PageFile } from './page-files.js';

const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
} as const;

/** Answers a request: with a file, or by handing the response to `onViewer`, or by a refusal. Reading is all that there is. */
export function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  files: ReadonlyMap<string, PageFile>,
  onViewer: (response: ServerResponse) => void,
): void {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  const path = (request.url ?? '').split('?')[0] ?? '';
  const file = files.get(path);
  if (!isMeant(request)) refuse(response, 421, 'This page is at 127.0.0.1 or localhost, and nowhere else.');
  else if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    refuse(response, 405, 'This page can only be looked at.');
  } else if (isFromElsewhere(request)) refuse(response, 403, 'Another page may not look at this one.');
  else if (path === '/events' && request.method === 'GET') onViewer(response);
  else if (file) response.writeHead(200, { 'Content-Type': file.type }).end(file.body);
  else refuse(response, 404, 'There is nothing here.');
}

/** Refuses a request with a line of text. */
export function refuse(response: ServerResponse, status: number, text: string): void {
  response
    .writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' })
    .end(`${text}\n`);
}

/** A name of another site that has been pointed at this machine is still that site's: its scripts must not read this page. */
function isMeant({ headers, socket }: IncomingMessage): boolean {
  const { localPort } = socket;
  return headers.host === `127.0.0.1:${localPort}` || headers.host === `localhost:${localPort}`;
}

/** A link from elsewhere may lead to the page itself; what belongs to the page is asked for by the page alone. */
function isFromElsewhere({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return false;
  return headers['sec-fetch-mode'] !== 'navigate';
}
