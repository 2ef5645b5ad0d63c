import { spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from 'vitest';
import { COMMAND, createFolder, readNeutralEnvironment, runCommand, startCommand } from './harness.js';

const BUILD = ['build', '--range', '3e4', '--layout', 'single'];
/** Has the process send itself these signals when its command is done, and then go on for a moment. */
const HOOK = `process.once('beforeExit', () => {
  for (const name of process.env.TEST_SIGNALS.split(',')) process.kill(process.pid, name);
  setTimeout(() => {}, 50);
});`;

let cwd: string;
let hook: Record<string, string>;

beforeAll(async () => {
  cwd = await createFolder();
  await writeFile(join(cwd, 'hook.cjs'), HOOK);
  hook = { NODE_OPTIONS: `--require "${join(cwd, 'hook.cjs')}"`, TEST_SIGNALS: 'SIGHUP,SIGINT' };
  expect(await runCommand(BUILD, { cwd })).toMatchObject({ exitCode: 0 });
});

/** Runs the command with these standard streams; it gets SIGHUP and SIGINT at its end. */
async function runWith(stdio: StdioOptions, folder: string, signals = 'SIGHUP') {
  const child = spawn(process.execPath, [COMMAND, ...BUILD], {
    cwd: folder,
    env: { ...readNeutralEnvironment(), ...hook, TEST_SIGNALS: signals },
    stdio,
  });
  const [said] = await Promise.all([child.stderr ? text(child.stderr) : '', once(child, 'close')]);
  return { exitCode: child.exitCode, signal: child.signalCode, said };
}

describe.each([
  ['build', BUILD],
  ['merge', ['merge', 'tables', '--out', 'merged']],
  ['verify', ['verify', 'tables']],
  ['report', ['report', 'tables']],
])('%s', (_name, args) => {
  test('ends by a signal that it was not told to ignore', async () => {
    expect(await runCommand(args, { cwd, env: hook })).toMatchObject({ signal: 'SIGHUP' });
  });

  test.each([
    ['the flag', ['--ignore-signals', 'HUP,INT'], {}],
    ['names with SIG, in any case', ['--ignore-signals', 'sigint, SIGHUP'], {}],
    ['the variable', [], { SIGTABLES_IGNORE_SIGNALS: 'HUP,INT' }],
  ])('ignores those of %s', async (_how, flags, variables) => {
    const result = await runCommand([...args, ...flags], { cwd, env: { ...hook, ...variables } });
    expect(result).toMatchObject({ exitCode: 0, signal: undefined });
  });

  test('ignores those of a config file, unless a flag says none', async () => {
    const config = join(await createFolder(), 'own.json');
    await writeFile(config, '{"ignoreSignals": "HUP,INT"}');
    const own = ['--config', config, ...args];
    expect(await runCommand(own, { cwd, env: hook })).toMatchObject({ exitCode: 0 });
    const none = await runCommand([...own, '--ignore-signals', 'none'], { cwd, env: hook });
    expect(none).toMatchObject({ signal: 'SIGHUP' });
  });
});

test('a signal in the middle of a build: the build goes on', async () => {
  const args = ['build', '--range', '3e7', '--chunk', '1e6', '--layout', 'single', '--out', 'tables'];
  const folder = await createFolder();
  const running = startCommand([...args, '--ignore-signals', 'HUP,INT', '--progress', 'plain'], {
    cwd: folder,
  });
  const [said] = (await once(running.stderr, 'data')) as [Buffer];
  expect(said.toString()).toContain('30 jobs');
  expect(running.kill('SIGHUP') && running.kill('SIGINT') && running.kill('SIGHUP')).toBe(true);
  expect(await running).toMatchObject({ exitCode: 0 });
});

test('a worker ignores them from its start on, and stops by another', async () => {
  const server = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const args = ['worker', '--queue', `redis://127.0.0.1:${String(port)}`, '--ignore-signals', 'HUP,INT'];
  const running = startCommand(args, { cwd });
  await once(server, 'connection');
  for (const name of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) expect(running.kill(name)).toBe(true);
  const [said] = (await once(running.stderr, 'data')) as [Buffer];
  expect(said.toString()).toMatch(/^sigtables: SIGTERM: running jobs end/);
  running.kill('SIGKILL'); // its server never answers
  await running;
  server.close();
});

test.each(['USR1', 'HUP;INT', 'HUP,,INT', 'KILL'])('--ignore-signals %s is refused', async (names) => {
  const { exitCode, stderr } = await runCommand(['verify', '--ignore-signals', names]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`--ignore-signals "${names}": expected one of HUP, INT, TERM, none`);
});

describe.skipIf(process.platform === 'win32')('under nohup', () => {
  const withFile = async <T>(path: string, flags: string, use: (fd: number) => Promise<T>): Promise<T> => {
    const descriptor = openSync(path, flags);
    try {
      return await use(descriptor);
    } finally {
      closeSync(descriptor);
    }
  };

  test('SIGHUP passes where the input is /dev/null for writing, SIGINT does not', async () => {
    await withFile('/dev/null', 'w', async (input) => {
      const streams: StdioOptions = [input, 'ignore', 'pipe'];
      expect(await runWith(streams, await createFolder())).toMatchObject({ exitCode: 0, signal: null });
      expect(await runWith(streams, await createFolder(), 'SIGINT')).toMatchObject({ signal: 'SIGINT' });
    });
  });

  test.each([1, 2])('SIGHUP passes where descriptor %i is nohup.out', async (descriptor) => {
    const folder = await createFolder();
    await withFile(join(folder, 'nohup.out'), 'a', async (output) => {
      const streams: StdioOptions = ['ignore', 'ignore', 'ignore'];
      streams[descriptor] = output;
      expect(await runWith(streams, folder)).toMatchObject({ exitCode: 0, signal: null });
    });
  });

  test('SIGHUP ends it where the input is /dev/null for reading, or for both', async () => {
    for (const flags of ['r', 'r+'])
      await withFile('/dev/null', flags, async (input) => {
        const result = await runWith([input, 'ignore', 'ignore'], await createFolder());
        expect(result).toMatchObject({ signal: 'SIGHUP' });
      });
  });
});
