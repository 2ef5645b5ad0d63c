import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { SIGNAL_ECHO_MS } from '../../src/limits.js';
import { prepareGatedBuild } from './gated-build.js';
import { ROOT, runCommand } from './harness.js';
import { startInTerminal, TestTerminal } from './terminal/terminal.js';

const START = /^sigtables: building 12,000 numbers into tables: 12 jobs on 1 CPU$/;
const HALFWAY = /^(?:\[=+ +\] )? {1,2}33%/;
const FULL = /^(?:\[=+\] )?100%/;
const SUMMARY = /^Built 12,000 numbers into 7 files in tables$/;
const CTRL_C = '\x03';

/** Modes that a terminal has to be given back as it was: the cursor's, wrapping, the other screen, and saved positions. */
function findLeftovers(raw: string): string[] {
  const switches = [...raw.matchAll(/\x1b\[\?(\d+)([hl])/g)].map(
    ([, mode = '', value = '']) => [mode, value] as const,
  );
  const ends = new Map(switches);
  const left = [...ends].filter(([, value]) => value !== 'h').map(([mode]) => `mode ${mode} is off`);
  const foreign = switches.filter(([mode]) => mode !== '7').map(([mode]) => `mode ${mode} is used`);
  const saved = /\x1b[78]|\x1b\[[su]/.test(raw) ? ['a position is saved'] : [];
  const colours = raw.match(/\x1b\[\d*m/g)?.at(-1);
  return [
    ...left,
    ...foreign,
    ...saved,
    ...(colours === undefined || /\[(?:39|22|0?)m/.test(colours) ? [] : [colours]),
  ];
}

/** The lines of the screen that show a bar, whole or cut. */
async function findBars(terminal: TestTerminal): Promise<string[]> {
  return (await terminal.readLines()).filter((line) => /\d%|\[=|\| /.test(line));
}

async function expectTidy(terminal: TestTerminal): Promise<void> {
  expect(findLeftovers(terminal.raw)).toEqual([]);
  expect(await terminal.isAtFreshLine()).toBe(true);
}

describe('a build in a terminal', () => {
  test.each([20, 40, 80, 200])('of %i columns', async (columns) => {
    const { args, cwd, env, open } = await prepareGatedBuild();
    const terminal = startInTerminal(args, { cwd, env, columns });
    expect(await terminal.shows(HALFWAY)).toBe(true);
    const [bar, ...more] = await findBars(terminal);
    expect(more).toEqual([]);
    expect(bar?.length).toBeLessThan(columns);
    if (columns >= 40) expect(bar).toContain('| 4/12');
    expect((await terminal.readLines())[0]).toMatch(START);
    await open();
    expect(await terminal.waitForEnd()).toBe(0);
    expect(await findBars(terminal)).toEqual([expect.stringMatching(FULL)]);
    const lines = await terminal.readLines();
    expect(lines[1]).toMatch(FULL);
    expect(lines.some((line) => SUMMARY.test(line))).toBe(true);
    await expectTidy(terminal);
  });

  test('that changes its size meanwhile', async () => {
    const { args, cwd, env, open } = await prepareGatedBuild();
    const terminal = startInTerminal(args, { cwd, env, columns: 200 });
    expect(await terminal.shows(HALFWAY)).toBe(true);
    for (const columns of [80, 20, 40, 30, 120]) {
      const before = terminal.raw.length;
      terminal.resize(columns);
      // Until frames have come that know the new width.
      while (terminal.raw.slice(before).split('%').length < 4) await sleep(10);
      const bars = await findBars(terminal);
      expect(bars).toHaveLength(1);
      expect(bars[0]?.length).toBeLessThan(columns);
    }
    await open();
    expect(await terminal.waitForEnd()).toBe(0);
    expect(await findBars(terminal)).toEqual([expect.stringMatching(FULL)]);
    await expectTidy(terminal);
  });

  test('that is stopped by Ctrl-C, and goes on where it was', async () => {
    const { args, cwd, env, open } = await prepareGatedBuild();
    const terminal = startInTerminal(args, { cwd, env });
    expect(await terminal.shows(HALFWAY)).toBe(true);
    terminal.press(CTRL_C);
    expect(await terminal.shows(/^sigtables: SIGINT: running jobs end/)).toBe(true);
    await open();
    expect(await terminal.waitForEnd()).toBe(130);
    const lines = await terminal.readLines();
    expect(lines.join('\n')).not.toContain('^C');
    expect(lines.at(-1)).toMatch(/^sigtables: stopped by SIGINT: 5 of 12 jobs/);
    expect(await findBars(terminal)).toHaveLength(1);
    await expectTidy(terminal);

    const next = startInTerminal(args, { cwd, env });
    expect(await next.waitForEnd()).toBe(0);
    expect((await next.readLines())[0]).toMatch(/12 jobs on 1 CPU, 5 of them done before$/);
    const firstFrame = /(\d+)% \| (\d+)\/12/.exec(next.raw);
    expect(firstFrame?.slice(1)).toEqual(['41', '5']);
    await expectTidy(next);
  });

  test('that is stopped by a second Ctrl-C', async () => {
    const { args, cwd, env } = await prepareGatedBuild();
    const terminal = startInTerminal(args, { cwd, env });
    expect(await terminal.shows(HALFWAY)).toBe(true);
    terminal.press(CTRL_C);
    expect(await terminal.shows(/^sigtables: SIGINT: running jobs end/)).toBe(true);
    await sleep(SIGNAL_ECHO_MS + 50);
    terminal.press(CTRL_C);
    expect(await terminal.waitForEnd()).toBe(130);
    expect((await terminal.readLines()).join('\n')).not.toContain('^C');
    expect(await findBars(terminal)).toHaveLength(1);
    await expectTidy(terminal);
  });

  test('that gets SIGTERM', async () => {
    const { args, cwd, env, open } = await prepareGatedBuild();
    const terminal = startInTerminal(args, { cwd, env });
    expect(await terminal.shows(HALFWAY)).toBe(true);
    terminal.kill('SIGTERM');
    expect(await terminal.shows(/^sigtables: SIGTERM: running jobs end/)).toBe(true);
    await open();
    expect(await terminal.waitForEnd()).toBe(143);
    expect((await terminal.readLines()).at(-1)).toMatch(/^sigtables: stopped by SIGTERM/);
    await expectTidy(terminal);
  });

  test.each([
    [
      'throws',
      `throw new Error('no');`,
      /^sigtables: the signature .* failed: keyOf threw at 5500: Error: no;/,
    ],
    ['ends its worker', 'process.kill(0, 0); process.reallyExit(3);', /^sigtables: /],
  ])('whose plug-in %s', async (_what, code, failure) => {
    const { args, cwd, env, open } = await prepareGatedBuild(`if (n === 5500) { ${code} }`);
    const terminal = startInTerminal(args, { cwd, env });
    expect(await terminal.shows(HALFWAY)).toBe(true);
    await open();
    expect(await terminal.waitForEnd()).toBe(7);
    expect((await terminal.readLines()).at(-1)).toMatch(failure);
    expect(await findBars(terminal)).toHaveLength(1);
    await expectTidy(terminal);
  });

  test('whose plug-in prints: its lines pass above the bar', async () => {
    const print = `if (n % 500 === 0) (n % 1000 === 0 ? console.log : console.error)('at ' + n);`;
    const { args, cwd, env, open } = await prepareGatedBuild(print);
    const terminal = startInTerminal(args, { cwd, env });
    expect(await terminal.shows(/^at 4000$/)).toBe(true);
    await open();
    expect(await terminal.waitForEnd()).toBe(0);
    const lines = await terminal.readLines();
    const printed = lines.filter((line) => line.includes('at ') && !line.startsWith('sigtables'));
    expect(printed.sort()).toEqual(Array.from({ length: 24 }, (_, i) => `at ${500 * i}`).sort());
    expect(await findBars(terminal)).toEqual([expect.stringMatching(FULL)]);
    await expectTidy(terminal);
  });
});

describe('without escape sequences', () => {
  test.each([
    ['a dumb terminal', { TERM: 'dumb' }],
    ['CI', { CI: 'true' }],
  ])('on %s', async (_what, variables) => {
    const { args, cwd, env, open } = await prepareGatedBuild();
    await open();
    const terminal = startInTerminal(args, { cwd, env: { ...env, NO_COLOR: '1', ...variables } });
    expect(await terminal.waitForEnd()).toBe(0);
    expect(terminal.raw).not.toContain('\x1b');
    expect((await terminal.readLines())[1]).toMatch(/^sigtables: 12\/12 jobs \(100%\), /);
  });

  test('in a file', async () => {
    const { args, cwd, env, open } = await prepareGatedBuild();
    await open();
    const { exitCode, stdout, stderr } = await runCommand(args, { cwd, env });
    expect(exitCode).toBe(0);
    expect(stdout + stderr).not.toMatch(/[\x1b\r]/);
  });

  test('but for the bar itself under NO_COLOR', async () => {
    const { args, cwd, env, open } = await prepareGatedBuild();
    await open();
    const terminal = startInTerminal(args, { cwd, env: { ...env, NO_COLOR: '1' } });
    expect(await terminal.waitForEnd()).toBe(0);
    expect(terminal.raw).toContain('[===');
    expect(terminal.raw).not.toMatch(/\x1b\[[\d;]*m/);
  });
});

describe('through npm', () => {
  const CALLS = [
    ['npx', ['npx', '--no-install', 'sigtables']],
    ['npm run', ['npm', 'run', 'sigtables', '--']],
  ] as const;

  async function prepareProject() {
    const build = await prepareGatedBuild();
    const bin = join(build.cwd, 'node_modules/.bin');
    await mkdir(bin, { recursive: true });
    await symlink(ROOT, join(build.cwd, 'node_modules/sigtables'));
    await symlink('../sigtables/bin/sigtables.cjs', join(bin, 'sigtables'));
    await writeFile(join(build.cwd, 'package.json'), JSON.stringify({ scripts: { sigtables: 'sigtables' } }));
    return { ...build, env: { ...build.env, npm_config_update_notifier: 'false' } };
  }

  test.each(CALLS)('%s: a bar, and a tidy end', async (_name, call) => {
    const { args, cwd, env, open } = await prepareProject();
    const terminal = new TestTerminal([...call, ...args], { cwd, env });
    expect(await terminal.shows(HALFWAY)).toBe(true);
    await open();
    expect(await terminal.waitForEnd()).toBe(0);
    expect(await findBars(terminal)).toEqual([expect.stringMatching(FULL)]);
    expect(await terminal.isAtFreshLine()).toBe(true);
  });

  test.each(CALLS)('%s: Ctrl-C stops in order, once', async (_name, call) => {
    const { args, cwd, env, open } = await prepareProject();
    const terminal = new TestTerminal([...call, ...args], { cwd, env });
    expect(await terminal.shows(HALFWAY)).toBe(true);
    terminal.press(CTRL_C);
    expect(await terminal.shows(/^sigtables: SIGINT: running jobs end/)).toBe(true);
    await open();
    expect(await terminal.waitForEnd()).not.toBe(0);
    expect(await terminal.shows(/^sigtables: stopped by SIGINT: 5 of 12 jobs/)).toBe(true);
    expect(await terminal.isAtFreshLine()).toBe(true);
  });
});
