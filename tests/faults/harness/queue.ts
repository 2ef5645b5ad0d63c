import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres, startRedis, type TestServer } from '../../distributed/servers.js';
import { NotTested, type FaultContext } from '../fault.js';
import { runCommand, startCommand, type RunningCommand } from './command.js';
import { expectStatus, expectTrue } from './expect.js';
import { expectSameTree, readTree } from './tree.js';

/** Longer than any trial. */
const TRIAL_MS = 3_600_000;

/** A recovery may take 40 s; the polls of who waits for it, and a loaded machine, some more. */
const PATIENCE_MS = 120_000;

/** A number takes a millisecond where jobs are shared out, and no time in the build that they are held against. */
const PLUG_IN = `const waitMs = Number(process.env.TRIAL_WAIT_MS ?? 0);
const never = new Int32Array(new SharedArrayBuffer(4));
export default {
  name: 'shared-out', version: '1', start: 0,
  keyOf(n) {
    if (waitMs > 0) Atomics.wait(never, 0, 0, waitMs);
    return String((Number(n) * 7919) % 211);
  },
};\n`;

/** A number takes a CPU some two microseconds, everywhere. */
const HEAVY_PLUG_IN = `export default {
  name: 'heavy', version: '1', start: 0,
  keyOf(n) {
    let x = Number(n);
    for (let i = 0; i < 2000; i++) x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return String(x % 211);
  },
};\n`;

/** How much a shared build has to do. */
export interface SharedSize {
  readonly numbers: number;
  readonly jobNumbers: number;
  readonly isHeavy: boolean;
}

/** So many jobs of about a second each, which need no CPU. */
export function countJobs(jobs: number): SharedSize {
  return { numbers: jobs * 1000, jobNumbers: 1000, isHeavy: false };
}

/** A build that machines share, in the folder of a trial. */
export class SharedBuild {
  readonly #context: FaultContext;
  readonly #args: readonly string[];
  readonly #url: string;

  constructor(context: FaultContext, url: string, { numbers, jobNumbers, isHeavy }: SharedSize) {
    this.#context = context;
    this.#url = url;
    const size = ['--range', String(numbers), '--chunk', String(jobNumbers), '--layout', 'single'];
    this.#args = ['build', '--signature', './plug-in.mjs', ...size];
    mkdirSync(join(context.folder, 'shared'));
    writeFileSync(join(context.folder, 'plug-in.mjs'), isHeavy ? HEAVY_PLUG_IN : PLUG_IN);
  }

  /** Starts a worker and waits until it takes jobs; `url` where it reaches the queue another way, `through` what runs it. */
  async startWorker(
    cpus = 1,
    { url = this.#url, through }: { url?: string; through?: readonly string[] } = {},
  ): Promise<RunningCommand> {
    const args = ['worker', '--root', 'shared', '--signature', './plug-in.mjs', '--cpus', String(cpus)];
    const worker = this.#start(args, url, through);
    await waitUntil(worker, /takes jobs of/);
    return worker;
  }

  /** Starts the command that gives the jobs out. */
  startCoordinator(url = this.#url): RunningCommand {
    const progress = ['--progress', 'plain', '--progress-interval', '0.5'];
    return this.#start([...this.#args, '--out', 'shared/tables', ...progress], url);
  }

  /** Expects that the build has ended well, left the bytes of a build here, and nothing on the queue. */
  async expectDone(coordinator: RunningCommand): Promise<void> {
    expectStatus(await coordinator.ended, [0], 'the build');
    const { folder } = this.#context;
    const alone = await runCommand([...this.#args, '--out', 'alone', '--progress', 'none'], {
      cwd: folder,
      maxMs: TRIAL_MS,
    });
    expectStatus(alone, [0], 'the build without a queue');
    expectSameTree(readTree(join(folder, 'shared/tables')), readTree(join(folder, 'alone')), 'shared tables');
    const env = { SIGTABLES_QUEUE: this.#url };
    const status = await runCommand(['status', '--json'], { cwd: folder, env });
    expectStatus(status, [0], 'status');
    const { builds } = JSON.parse(status.stdout) as { builds: unknown[] };
    expectTrue(builds.length === 0, `the queue still knows the build: ${status.stdout}`);
  }

  #start(args: readonly string[], url: string, through: readonly string[] = []): RunningCommand {
    const env = { SIGTABLES_QUEUE: url, TRIAL_WAIT_MS: '1' };
    const running = startCommand(args, { cwd: this.#context.folder, env, through, maxMs: TRIAL_MS });
    this.#context.atEnd(async () => {
      running.process.kill('SIGKILL');
      await running.ended;
    });
    return running;
  }
}

/** Waits until `running` has said `pattern`, `times` times; gives the seconds that it took. Throws where it ends before, or is never heard. */
export async function waitUntil(running: RunningCommand, pattern: RegExp, times = 1): Promise<number> {
  const startMs = performance.now();
  const global = new RegExp(pattern, 'g');
  while ((running.saidSoFar().match(global) ?? []).length < times) {
    if (running.hasEnded() || performance.now() - startMs > PATIENCE_MS)
      throw new Error(`it did not say ${String(pattern)}:\n${running.saidSoFar()}`);
    await sleep(50);
  }
  return Math.round((performance.now() - startMs) / 1000);
}

/** A server for a trial, ended with it. */
export async function startTrialServer(
  context: FaultContext,
  kind: 'redis',
  settings?: readonly string[],
): Promise<TestServer>;
export async function startTrialServer(
  context: FaultContext,
  kind: 'redis' | 'postgres',
): Promise<TestServer>;
export async function startTrialServer(
  context: FaultContext,
  kind: 'redis' | 'postgres',
  settings?: readonly string[],
): Promise<TestServer> {
  const server = await (kind === 'redis' ? startRedis(settings) : startPostgres()).catch((error: Error) => {
    throw error.message.includes('not installed') ? new NotTested('redis-server') : error;
  });
  context.atEnd(() => server.stop());
  return server;
}

/** A way to a server that can be cut so that neither side notices: bytes go nowhere, connections stay open. */
export interface CutLine {
  readonly url: string;
  cut(): void;
  /** Closes what was cut, and lets new connections through. */
  heal(): void;
}

/** Opens such a way, for the time of a trial. */
export async function openCutLine(context: FaultContext, { url, port }: TestServer): Promise<CutLine> {
  let isCut = false;
  const sockets = new Set<Socket>();
  const line = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes: Buffer) => {
        if (!isCut) to.write(bytes);
      });
      from.on('close', () => {
        if (!isCut) to.destroy();
      });
      from.on('error', () => undefined);
    }
  }).listen(0, '127.0.0.1');
  await once(line, 'listening');
  const drop = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  context.atEnd(() => {
    drop();
    line.close();
    return Promise.resolve();
  });
  const own = (line.address() as AddressInfo).port;
  const heal = (): void => {
    isCut = false;
    drop();
  };
  return { url: url.replace(`:${port}`, `:${own}`), cut: () => void (isCut = true), heal };
}
