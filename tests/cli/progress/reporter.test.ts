import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createReporter } from '../../../src/cli/progress/reporter.js';
import { CapturedStream, jobDoneEvent, startedEvent } from './fake-build.js';

const NOTICE = { type: 'notice', message: 'job 2 is tried again: its worker died' } as const;
const BASE = { mode: 'auto', intervalMs: 30_000, isQuiet: false } as const;

beforeEach(() => {
  vi.useFakeTimers();
  for (const name of ['CI', 'NO_COLOR', 'TERM']) vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

describe('lines', () => {
  it('come at the start, every interval and at the end', async () => {
    const stream = new CapturedStream();
    const reporter = await createReporter(BASE, stream);
    reporter.onEvent(startedEvent());
    vi.advanceTimersByTime(20_000);
    reporter.onEvent(jobDoneEvent(2));
    expect(stream.lines).toHaveLength(1);
    vi.advanceTimersByTime(40_000);
    reporter.onEvent(NOTICE);
    reporter.stop();
    vi.advanceTimersByTime(100_000);
    reporter.stop();
    expect(stream.lines).toEqual([
      'sigtables: building 10,000,000 numbers (100 MB) into tables: 10 jobs on 2 CPUs',
      'sigtables: 2/10 jobs (20%), 100.0 k numbers/s, 1.00 MB/s, 30s elapsed, 1m 10s left',
      'sigtables: 2/10 jobs (20%), 50.0 k numbers/s, 500 kB/s, 1m 00s elapsed, 2m 00s left',
      'sigtables: job 2 is tried again: its worker died',
      'sigtables: 2/10 jobs (20%), 50.0 k numbers/s, 500 kB/s, 1m 00s elapsed, 2m 00s left',
    ]);
  });

  it('tell what an earlier run had done', async () => {
    const stream = new CapturedStream();
    (await createReporter(BASE, stream)).onEvent(startedEvent(4));
    expect(stream.lines[0]).toMatch(/10 jobs on 2 CPUs, 4 of them done before$/);
  });

  it('say nothing when no build began', async () => {
    const stream = new CapturedStream();
    (await createReporter(BASE, stream)).stop();
    expect(stream.text).toBe('');
  });
});

describe('the bar', () => {
  it('moves with the clock and with the jobs, and stays when it stops', async () => {
    const stream = new CapturedStream(80);
    const reporter = await createReporter(BASE, stream);
    reporter.onEvent(startedEvent());
    expect(stream.screen.at(-1)).toMatch(/^\[ {33}\] {3}0% \| 0\/10 jobs \| -- \| -- \| 0\.0s \| -- left$/);
    vi.advanceTimersByTime(3000);
    expect(stream.screen.at(-1)).toContain('| 3.0s | -- left');
    reporter.onEvent(jobDoneEvent(5));
    vi.advanceTimersByTime(1000);
    expect(stream.screen.at(-1)).toMatch(
      /\] {2}50% \| 5\/10 jobs \| 1\.7 M\/s \| 16\.7 MB\/s \| 4\.0s \| 2\.0s left$/,
    );
    reporter.onEvent(jobDoneEvent(10));
    reporter.onEvent({ type: 'committing' });
    reporter.stop();
    const text = stream.text;
    expect(stream.screen).toHaveLength(3);
    expect(stream.screen.at(-2)).toMatch(/^\[=+\] 100% \| 10\/10 jobs .* \| finishing$/);
    vi.advanceTimersByTime(10_000);
    reporter.stop();
    expect(stream.text).toBe(text);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('lets lines pass above it', async () => {
    const stream = new CapturedStream(80);
    const reporter = await createReporter(BASE, stream);
    reporter.onEvent(startedEvent());
    reporter.onEvent(NOTICE);
    reporter.printStanding();
    expect(stream.screen.slice(1)).toEqual([
      'sigtables: job 2 is tried again: its worker died',
      'sigtables: 0/10 jobs (0%), --, --, 0.0s elapsed, -- left',
      expect.stringMatching(/^\[ +\] {3}0% /),
    ]);
    reporter.stop();
  });

  it('touches neither cursor nor saved positions, and wrapping within a write alone: nothing is left to restore', async () => {
    const stream = new CapturedStream(80);
    const reporter = await createReporter(BASE, stream);
    reporter.onEvent(startedEvent(3));
    reporter.onEvent(NOTICE);
    vi.advanceTimersByTime(1000);
    reporter.stop();
    const sequences = new Set(stream.text.match(/\x1b(?:\[[^A-Za-z]*[A-Za-z]|.)/g));
    expect(sequences).toEqual(new Set(['\x1b[K', '\x1b[?7l', '\x1b[?7h', '\x1b[32m', '\x1b[39m']));
  });

  it('honours NO_COLOR', async () => {
    vi.stubEnv('NO_COLOR', '1');
    const stream = new CapturedStream(80);
    const reporter = await createReporter(BASE, stream);
    reporter.onEvent(startedEvent(3));
    reporter.stop();
    expect(stream.text).toContain('[====');
    expect(stream.text).not.toContain('\x1b[3');
  });

  it('follows a terminal that becomes narrow', async () => {
    const stream = new CapturedStream(120);
    const reporter = await createReporter(BASE, stream);
    reporter.onEvent(startedEvent());
    stream.columns = 40;
    vi.advanceTimersByTime(1000);
    expect(stream.text.split('\r').at(-2)).toBe('\x1b[?7l  0% | 0/10 | -- | -- left\x1b[K\x1b[?7h');
    reporter.stop();
  });
});

describe('the mode', () => {
  it.each([
    ['auto on a terminal', 'auto', 80, {}, true],
    ['auto in CI', 'auto', 80, { CI: 'true' }, false],
    ['auto with CI=false', 'auto', 80, { CI: 'false' }, true],
    ['auto on a dumb terminal', 'auto', 80, { TERM: 'dumb' }, false],
    ['auto in a file', 'auto', undefined, {}, false],
    ['bar in CI', 'bar', 80, { CI: 'true' }, true],
    ['bar in a file', 'bar', undefined, {}, false],
    ['plain on a terminal', 'plain', 80, {}, false],
  ] as const)('%s', async (_title, mode, columns, variables, isBar) => {
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    const stream = new CapturedStream(columns);
    const reporter = await createReporter({ ...BASE, mode }, stream);
    reporter.onEvent(startedEvent());
    reporter.stop();
    expect(stream.text.includes('\x1b[K')).toBe(isBar);
    expect(stream.text).toContain('sigtables: building');
  });

  it('none prints notices and what is asked for', async () => {
    const stream = new CapturedStream(80);
    const reporter = await createReporter({ ...BASE, mode: 'none' }, stream);
    reporter.onEvent(startedEvent());
    reporter.onEvent(NOTICE);
    reporter.printStanding();
    reporter.stop();
    expect(stream.lines).toEqual([
      'sigtables: job 2 is tried again: its worker died',
      'sigtables: 0/10 jobs (0%), --, --, 0.0s elapsed, -- left',
    ]);
  });

  it('quiet prints nothing but what is asked for', async () => {
    const stream = new CapturedStream(80);
    const reporter = await createReporter({ ...BASE, mode: 'bar', isQuiet: true }, stream);
    reporter.onEvent(startedEvent());
    reporter.onEvent(NOTICE);
    reporter.printLine('SIGINT: running jobs end');
    reporter.stop();
    expect(stream.text).toBe('');
    reporter.printStanding();
    expect(stream.lines).toEqual(['sigtables: 0/10 jobs (0%), --, --, 0.0s elapsed, -- left']);
  });
});
