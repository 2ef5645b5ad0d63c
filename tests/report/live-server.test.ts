import { once } from 'node:events';
import { get, request, type IncomingMessage, type RequestOptions } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LiveSnapshot } from '../../src/report/live/snapshot.js';
import { createFolder, runCommand } from '../e2e/harness.js';
import { startGatedBuild, type GatedBuild } from '../e2e/gated-build.js';

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Asks for `path` of the live page at `url`. */
async function ask(url: string, path: string, options: RequestOptions = {}): Promise<Answer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(new URL(path, url), options, resolve).on('error', reject).end();
  });
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

/** Looks on, from the first message on; what it gives resolves to all messages once the build has ended. */
async function follow(url: string): Promise<{ messages: Promise<LiveSnapshot[]> }> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(new URL('/events', url), resolve).on('error', reject);
  });
  expect(response.headers['content-type']).toBe('text/event-stream');
  return { messages: readMessages(response) };
}

async function readMessages(response: IncomingMessage): Promise<LiveSnapshot[]> {
  const lines = (await text(response)).split('\n').filter((line) => line.startsWith('data: '));
  return lines.map((line) => JSON.parse(line.slice('data: '.length)) as LiveSnapshot);
}

describe('a live page', () => {
  let build: GatedBuild;

  beforeAll(async () => {
    build = await startGatedBuild();
  });
  afterAll(() => {
    build.process.kill('SIGKILL');
  });

  test('is on 127.0.0.1, and on no other address', async () => {
    expect(build.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const others = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal);
    for (const address of ['127.0.0.2', ...others.map((other) => other.address)]) {
      await expect(ask(build.url.replace('127.0.0.1', address), '/')).rejects.toThrow('ECONNREFUSED');
    }
  });

  test.each([
    ['/', 'text/html; charset=utf-8', /<!doctype html>/],
    ['/live-page.css', 'text/css; charset=utf-8', /--accent/],
    ['/live-page.js', 'text/javascript; charset=utf-8', /EventSource/],
  ])('serves %s, and lets it load nothing from elsewhere', async (path, type, content) => {
    const { status, headers, body } = await ask(build.url, path);
    expect(status).toBe(200);
    expect(body).toMatch(content);
    expect(headers).toMatchObject({ 'content-type': type, 'x-content-type-options': 'nosniff' });
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });

  test('answers to 127.0.0.1 and localhost alone', async () => {
    const { port } = new URL(build.url);
    const statusFor = async (host: string) => (await ask(build.url, '/events', { headers: { host } })).status;
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1',
      `127.0.0.1.evil.example:${port}`,
    ])
      expect(await statusFor(host)).toBe(421);
    expect((await ask(build.url, '/', { headers: { host: `localhost:${port}` } })).status).toBe(200);
  });

  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])('refuses %s', async (method) => {
    const { status, headers } = await ask(build.url, '/', { method });
    expect(status).toBe(405);
    expect(headers.allow).toBe('GET, HEAD');
  });

  test('refuses what the page of another site asks for', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
    expect((await ask(build.url, '/live-page.js', { headers })).status).toBe(403);
    expect((await ask(build.url, '/events', { headers })).status).toBe(403);
  });

  test.each(['/nothing', '/../package.json', '/live-page.js/', '//'])('has nothing at %s', async (path) => {
    const { port } = new URL(build.url);
    expect((await ask(`http://127.0.0.1:${port}`, '/', { path })).status).toBe(404);
  });

  test('tells where the build stands, to its end, and does not outlive it', async () => {
    const following = await follow(build.url);
    const idle = await follow(build.url);
    await build.open();
    expect((await build.process).exitCode).toBe(0);
    const messages = await following.messages;
    const [first, last] = [messages[0], messages.at(-1)];
    expect(first).toMatchObject({
      heading: 'Building 12,000 numbers',
      phase: 'running',
      jobs: { all: 12, done: 4, running: 1, failed: 0 },
      cells: { jobsPerCell: 1, done: [1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0], running: [4] },
      workers: [{ job: 4, jobsDone: 4 }],
    });
    expect(last).toMatchObject({
      phase: 'done',
      fraction: 1,
      numbersDone: '12000',
      jobs: { all: 12, done: 12, running: 0 },
    });
    expect((await idle.messages).at(-1)).toEqual(last);
    await expect(ask(build.url, '/')).rejects.toThrow('ECONNREFUSED');
  });
});

describe('how a build ends is the last thing that is told', () => {
  test('stopped by a signal', async () => {
    const build = await startGatedBuild();
    const following = await follow(build.url);
    build.process.kill('SIGINT');
    expect((await build.process).exitCode).toBe(130);
    expect((await following.messages).at(-1)).toMatchObject({ phase: 'stopped', jobs: { running: 0 } });
  });

  test('failed', async () => {
    const build = await startGatedBuild(['--dashboard'], `if (n === 5500) throw new Error('<b>no</b>');`);
    const following = await follow(build.url);
    await build.open();
    expect((await build.process).exitCode).toBe(7);
    const last = (await following.messages).at(-1);
    expect(last).toMatchObject({ phase: 'failed', jobs: { failed: 1 }, cells: { failed: [5] } });
    expect(last?.ending).toContain('keyOf threw at 5500: Error: <b>no</b>');
  });

  test('a second signal ends it at once, with pages looking on', async () => {
    const build = await startGatedBuild();
    const { messages } = await follow(build.url);
    messages.catch(() => undefined);
    build.process.kill('SIGINT');
    build.process.kill('SIGTERM');
    expect((await build.process).exitCode).toBeGreaterThan(128);
  });
});

describe('the port', () => {
  const BUILD = ['build', '--range', '1e4', '--layout', 'single', '--no-sync', '--progress', 'none'];

  test('one that is in use is refused before anything is built', async () => {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const cwd = await createFolder();
    const result = await runCommand([...BUILD, '--dashboard', String(port)], { cwd });
    server.close();
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toBe(
      `sigtables: --dashboard: port ${port} of 127.0.0.1 is in use: name another, or leave the number out to let the system choose; nothing was built\n`,
    );
    const next = await runCommand(['verify'], { cwd });
    expect(next.exitCode).toBe(3);
  });

  test.each(['65536', '-1', 'eighty', '1.5', '8080 '.repeat(2)])('"%s" is refused', async (port) => {
    const { exitCode, stderr } = await runCommand([...BUILD, `--dashboard=${port}`]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^sigtables: --dashboard ".*": expected a port from 1 to 65535, or 0/);
  });

  test('is chosen by the system, by the flag or the variable; there is no page otherwise', async () => {
    const asked = [
      { args: ['--dashboard'], env: {} },
      { args: ['--dashboard', '0'], env: {} },
      { args: [], env: { SIGTABLES_DASHBOARD: 'on' } },
    ];
    for (const { args, env } of asked)
      expect((await runCommand([...BUILD, ...args], { env })).stderr).toMatch(
        /^sigtables: dashboard: http:\/\/127\.0\.0\.1:\d+\/\n$/,
      );
    expect((await runCommand(BUILD, { env: { SIGTABLES_DASHBOARD: 'off' } })).stderr).toBe('');
    expect((await runCommand(BUILD)).stderr).toBe('');
  });

  test('merge and verify have the page too', async () => {
    const { cwd } = await runCommand(BUILD);
    const merged = await runCommand(
      ['merge', 'tables', '--layout', 'job', '--no-sync', '--out', 'one', '--dashboard', '0'],
      {
        cwd,
      },
    );
    expect(merged).toMatchObject({ exitCode: 0 });
    expect(merged.stderr).toContain('sigtables: dashboard: http://127.0.0.1:');
    const verified = await runCommand(['verify', 'one', '--dashboard'], { cwd });
    expect(verified).toMatchObject({ exitCode: 0 });
    expect(verified.stderr).toContain('sigtables: dashboard: http://127.0.0.1:');
  });
});
