import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { resolveBuild } from '../../src/cli/build-options.js';
import { resolveJson, resolveProgress, resolveSelection } from '../../src/cli/options.js';
import { SigtablesError } from '../../src/errors.js';

beforeEach(() => {
  for (const name of Object.keys(process.env).filter((key) => key.startsWith('SIGTABLES_')))
    vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('resolveBuild', () => {
  it('has defaults for all but the range', async () => {
    expect(await resolveBuild({ range: '1e6', cpus: '3' })).toEqual({
      range: { start: 10n, end: 1_000_000n },
      cpus: 3,
      chunk: undefined,
      layout: 'signature',
      out: 'tables',
      force: false,
      sync: true,
      aggregate: 'list',
    });
  });

  it('takes flags', async () => {
    const flags = {
      range: '20..1e3',
      cpus: '2',
      chunk: '1e2',
      layout: 'job',
      out: 'o',
      force: true,
      sync: false,
    };
    expect(await resolveBuild(flags)).toEqual({
      range: { start: 20n, end: 1000n },
      cpus: 2,
      chunk: 100n,
      layout: 'job',
      out: 'o',
      force: true,
      sync: false,
      aggregate: 'list',
    });
  });

  it('takes variables where flags are missing', async () => {
    vi.stubEnv('SIGTABLES_RANGE', '1e4');
    vi.stubEnv('SIGTABLES_CPUS', '4');
    vi.stubEnv('SIGTABLES_CHUNK', '5');
    vi.stubEnv('SIGTABLES_LAYOUT', 'single');
    vi.stubEnv('SIGTABLES_OUT', 'elsewhere');
    vi.stubEnv('SIGTABLES_FORCE', '1');
    vi.stubEnv('SIGTABLES_SYNC', '0');
    const options = {
      cpus: 4,
      chunk: 5n,
      layout: 'single',
      out: 'elsewhere',
      force: true,
      sync: false,
      aggregate: 'list',
    };
    expect(await resolveBuild({})).toEqual({ ...options, range: { start: 10n, end: 10_000n } });
    expect(await resolveBuild({ range: '99', out: 'here', sync: true })).toEqual({
      ...options,
      range: { start: 10n, end: 99n },
      out: 'here',
      sync: true,
    });
  });
});

describe('resolveProgress', () => {
  it('has defaults, takes flags, then variables', () => {
    expect(resolveProgress({})).toEqual({ mode: 'auto', intervalMs: 30_000, isQuiet: false });
    vi.stubEnv('SIGTABLES_PROGRESS', 'none');
    vi.stubEnv('SIGTABLES_PROGRESS_INTERVAL', '0.5');
    vi.stubEnv('SIGTABLES_QUIET', 'yes');
    expect(resolveProgress({})).toEqual({ mode: 'none', intervalMs: 500, isQuiet: true });
    expect(resolveProgress({ progress: 'bar', progressInterval: '5' })).toMatchObject({
      mode: 'bar',
      intervalMs: 5000,
    });
  });
});

describe('a bad value', () => {
  it.each([
    [{}, 'a range is needed'],
    [{ range: '' }, '--range is empty'],
    [{ range: '1e6', cpus: ' ' }, '--cpus is empty'],
    [{ range: '1e6', out: '' }, '--out is empty'],
    [{ range: '--force' }, '--range needs a value, but "--force" follows'],
    [{ range: 'many' }, '--range "many"'],
    [{ range: '1e6', chunk: '0' }, '--chunk "0" is too small'],
    [{ range: '1e6', layout: 'jobs' }, '--layout "jobs" is unknown: expected one of signature, job, single'],
  ])('of %j is refused', (flags, message) => {
    expectUsageError(() => resolveSelection(flags, 10n), message);
  });

  it.each(['0', '1e9', '-1', '86401', 'soon', '1e', '0x10', 'Infinity'])(
    'is an interval of %s',
    (progressInterval) => {
      expectUsageError(
        () => resolveProgress({ progressInterval }),
        `--progress-interval "${progressInterval}"`,
      );
    },
  );

  it('of a variable is refused in its name', () => {
    vi.stubEnv('SIGTABLES_JSON', 'maybe');
    expectUsageError(() => resolveJson({}), 'SIGTABLES_JSON "maybe" is unknown: expected 1 or 0');
    vi.stubEnv('SIGTABLES_RANGE', '');
    expectUsageError(() => resolveSelection({}, 10n), 'SIGTABLES_RANGE is empty');
    vi.stubEnv('SIGTABLES_RANGE', 'many');
    expectUsageError(() => resolveSelection({}, 10n), 'SIGTABLES_RANGE');
    vi.stubEnv('SIGTABLES_PROGRESS_INTERVAL', '0');
    expectUsageError(() => resolveProgress({}), 'SIGTABLES_PROGRESS_INTERVAL "0"');
  });
});

function expectUsageError(act: () => unknown, message: string): void {
  expect(act).toThrow(SigtablesError);
  expect(act).toThrow(expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(message) }));
}
