import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { SIGNAL_ECHO_MS } from '../../src/limits.js';
import { bundledModule } from '../bundled.js';

/** Waits for the first signal, then for `lingerMs`; what it prints is what the tests look at. */
const PROGRAM = `
  import { SignalWatch, toExitStatus } from ${JSON.stringify(bundledModule('cli/signals'))};
  const say = (text) => process.stdout.write(text + '\\n');
  const watch = new SignalWatch();
  watch.reporter = { printLine: say, printStanding: () => say('standing'), stop: () => say('stopped') };
  const lingerMs = Number(process.argv[1]);
  const timer = setInterval(() => {}, 1000);
  watch.abortSignal.addEventListener('abort', () => setTimeout(() => {
    clearInterval(timer);
    process.exitCode = toExitStatus(watch.received);
    watch.dispose();
    say('ended');
  }, lingerMs));
  say('ready');
`;

describe('SignalWatch', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('turns the first %s into an abort', async (name, status) => {
    const { program, lines } = await start(0);
    program.kill(name);
    expect((await program).exitCode).toBe(status);
    expect(lines).toEqual(['ready', expect.stringContaining(`${name}: running jobs end`), 'ended']);
  });

  it('ends at once at the second', async () => {
    const { program, lines } = await start(60_000);
    program.kill('SIGTERM');
    await waitForLine(lines, 2);
    await sleep(SIGNAL_ECHO_MS + 50);
    program.kill('SIGTERM');
    expect((await program).exitCode).toBe(143);
    expect(lines.slice(2)).toEqual(['stopped']);
  });

  it('takes another signal for a second one without delay', async () => {
    const { program, lines } = await start(60_000);
    program.kill('SIGINT');
    await waitForLine(lines, 2);
    program.kill('SIGTERM');
    expect((await program).exitCode).toBe(143);
  });

  it('takes an echo of the first for what it is', async () => {
    const { program, lines } = await start(SIGNAL_ECHO_MS);
    program.kill('SIGINT');
    await waitForLine(lines, 2);
    program.kill('SIGINT');
    expect((await program).exitCode).toBe(130);
    expect(lines.at(-1)).toBe('ended');
  });

  it('answers SIGUSR1 with where the build stands, and starts no debugger', async () => {
    const { program, lines } = await start(0);
    program.kill('SIGUSR1');
    await waitForLine(lines, 2);
    program.kill('SIGINT');
    expect((await program).stderr).toBe('');
    expect(lines[1]).toBe('standing');
  });
});

async function start(lingerMs: number) {
  const program = execa(process.execPath, ['--input-type=module', '-e', PROGRAM, String(lingerMs)], {
    reject: false,
  });
  const lines: string[] = [];
  program.stdout.on('data', (chunk: Buffer) => lines.push(...chunk.toString().trimEnd().split('\n')));
  await waitForLine(lines, 1);
  return { program, lines };
}

async function waitForLine(lines: readonly string[], count: number): Promise<void> {
  while (lines.length < count) await sleep(5);
}
