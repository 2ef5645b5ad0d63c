import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { describeWith } from '../programs.js';
import { type GatedCommand, prepareGatedBuild } from './gated-build.js';
import { COMMAND, readNeutralEnvironment } from './harness.js';

/** A window of a tmux server of the test's own. */
interface Window {
  run(...args: string[]): Promise<string>;
  /** The lines of the screen up to the last that holds something. */
  readLines(): Promise<string[]>;
  waitFor(pattern: RegExp): Promise<void>;
}

async function openWindow({ args, cwd, env }: GatedCommand): Promise<Window> {
  const socket = `${cwd}/tmux`;
  const variables = { ...readNeutralEnvironment(), ...env, TERM: 'xterm-256color', TMUX: '' };
  const run = async (...command: string[]): Promise<string> => {
    const options = { cwd, env: variables, extendEnv: false };
    return (await execa('tmux', ['-f', '/dev/null', '-S', socket, ...command], options)).stdout;
  };
  const command = [process.execPath, COMMAND, ...args].map((word) => `'${word}'`).join(' ');
  await run('new-session', '-d', '-x', '80', '-y', '24', `${command}; echo "ended: $?"; exec cat`);
  onTestFinished(async () => {
    await run('kill-server');
  });
  const readLines = async () => (await run('capture-pane', '-p')).trimEnd().split('\n');
  const waitFor = async (pattern: RegExp) => {
    while (!(await readLines()).some((line) => pattern.test(line))) await sleep(50);
  };
  return { run, readLines, waitFor };
}

describeWith('tmux', 'a build in tmux', () => {
  test('whose window changes its size', async () => {
    const build = await prepareGatedBuild();
    const window = await openWindow(build);
    await window.waitFor(/33% \| 4\/12/);
    for (const [columns, bar] of [
      ['30', /^ {1,2}33% \| 4\/12 \| -?/],
      ['18', /^ {1,2}33% \| /],
      ['120', /^\[=+ +\] {1,2}33% \| 4\/12 jobs/],
    ] as const) {
      await window.run('resize-window', '-x', columns);
      await window.waitFor(bar);
      // A bar that was broken into lines must not leave any of them behind.
      while ((await window.readLines()).filter((line) => /%|\[=|\| /.test(line)).length !== 1)
        await sleep(50);
    }
    await build.open();
    await window.waitFor(/^ended: 0$/);
    const lines = await window.readLines();
    expect(lines.filter((line) => line.includes('%'))).toEqual([
      expect.stringMatching(/^\[=+\] 100% \| 12\/12/),
    ]);
    expect(await window.run('display-message', '-p', '#{cursor_flag} #{cursor_x}')).toBe('1 0');
  });

  test('that is stopped by Ctrl-C', async () => {
    const build = await prepareGatedBuild();
    const window = await openWindow(build);
    await window.waitFor(/33% \| 4\/12/);
    await window.run('send-keys', 'C-c');
    await window.waitFor(/^sigtables: SIGINT: running jobs end/);
    await build.open();
    await window.waitFor(/stopped by SIGINT: 5 of 12 jobs/);
    const lines = await window.readLines();
    expect(lines.join('\n')).not.toContain('^C');
    expect(await window.run('display-message', '-p', '#{cursor_flag} #{cursor_x}')).toBe('1 0');
  });
});
