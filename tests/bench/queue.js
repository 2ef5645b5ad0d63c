import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { measureCommand, sigtables } from './command.js';
import { formatCost, medianOf, say } from './figures.js';
import { clearFolder, renewFolder } from './folders.js';

const RANGE = '1e7';

/** Some microseconds for each number, on any machine: steps of the Collatz sequence. */
const HEAVY = `export default { name: 'collatz', version: '1', start: 1, keyOf(n) {
  let steps = 0;
  for (let m = n; m !== 1; steps++) m = m % 2 === 0 ? m / 2 : 3 * m + 1;
  return steps;
} };
`;

/** A build through a queue with one worker on this machine beside a local build, in turns: a plug-in that takes its time. */
export async function benchQueue({ out, cpus, rounds }) {
  mkdirSync(out, { recursive: true });
  const signature = join(out, 'collatz.mjs');
  writeFileSync(signature, HEAVY);
  const redis = await startRedis(renewFolder(join(out, 'redis')));
  const queue = ['--queue', redis.url];
  const root = ['--root', out];
  const [node, ...worker] = sigtables('worker', ...queue, ...root, '--cpus', cpus, '--signature', signature);
  const helper = spawn(node, [...worker, '--quiet'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const tables = join(out, 'tables');
  const build = [
    'build',
    '--signature',
    signature,
    '--range',
    RANGE,
    '--out',
    tables,
    '--no-sync',
    '--quiet',
  ];
  const measure = async (...args) => {
    const cost = await measureCommand(sigtables(...build, ...args));
    clearFolder(tables);
    return cost;
  };
  say(`queue: ${RANGE} numbers of a plug-in, ${cpus} threads, beside a local build`);
  const results = [];
  try {
    for (let index = 0; index < rounds; index++) {
      const local = await measure('--cpus', cpus);
      const queued = await measure(...queue, ...root);
      const ratio = queued.wallSeconds / local.wallSeconds;
      results.push({ local, queued, ratio });
      say(`  round ${index + 1}: ratio ${ratio.toFixed(3)}`);
      say(`    local  ${formatCost(local)}`);
      say(`    queued ${queued.wallSeconds.toFixed(2)} s`);
    }
  } finally {
    helper.kill('SIGTERM');
    await once(helper, 'exit');
    await redis.stop();
    clearFolder(join(out, 'redis'));
    rmSync(signature);
  }
  const ratio = medianOf(results.map((result) => result.ratio));
  say(`  median ratio ${ratio.toFixed(3)}`);
  return { range: RANGE, cpus, ratio, rounds: results };
}

async function startRedis(folder) {
  const port = await findFreePort();
  const settings = [
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'yes',
    '--maxmemory-policy',
    'noeviction',
  ];
  const server = spawn('redis-server', ['--port', String(port), '--dir', folder, ...settings], {
    stdio: 'ignore',
  });
  await once(server, 'spawn');
  while (!(await answers(port))) await sleep(20);
  const stop = async () => {
    server.kill();
    await once(server, 'exit');
  };
  return { url: `redis://127.0.0.1:${port}`, stop };
}

async function findFreePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await once(server.close(), 'close');
  return port;
}

async function answers(port) {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
