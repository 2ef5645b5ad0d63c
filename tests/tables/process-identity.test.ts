import { describe, expect, it } from 'vitest';
import { identifyProcess, judgeLiveness, parseProcessStat } from '../../src/tables/process-identity.js';

const onLinux = process.platform === 'linux';

/** A line as in /proc/<pid>/stat, of a process with this name, state and number of threads, started at tick 165000. */
function formatStat(name: string, state: string, threads: number): string {
  return `4757 (${name}) ${state} 4748 4748 3182 0 -1 4194304 98 0 0 0 0 0 0 0 20 0 ${threads} 0 165000 3133440 390`;
}

describe('parseProcessStat', () => {
  it.each(['node', 'a b', 'a) S 1 (b', ') Z 1 1', ''])('finds the fields behind the name "%s"', (name) => {
    expect(parseProcessStat(formatStat(name, 'S', 11))).toEqual({ startTicks: '165000', exited: false });
  });

  it('takes a zombie for ended once its last thread is', () => {
    expect(parseProcessStat(formatStat('node', 'Z', 1))).toMatchObject({ exited: true });
    expect(parseProcessStat(formatStat('node', 'Z', 3))).toMatchObject({ exited: false });
    expect(parseProcessStat(formatStat('node', 'D', 1))).toMatchObject({ exited: false });
  });

  it.each(['', '1 (node)', '1 (node) S 1 2', 'no stat at all'])('is undefined for "%s"', (text) => {
    expect(parseProcessStat(text)).toBeUndefined();
  });
});

describe('judgeLiveness', () => {
  it.runIf(onLinux)('tells this process from others with its id', async () => {
    const self = await identifyProcess();
    expect(self).toMatchObject({ pid: process.pid, startTicks: expect.stringMatching(/^\d+$/) as string });
    expect(await judgeLiveness(self, self)).toBe('alive');
    expect(await judgeLiveness({ ...self, startTicks: '1' }, self)).toBe('dead');
    expect(await judgeLiveness({ ...self, bootId: 'earlier' }, self)).toBe('presumed-dead');
    expect(await judgeLiveness({ ...self, bootId: 'earlier', hostname: 'other' }, self)).toBe('unknown');
    expect(await judgeLiveness({ ...self, bootId: 'earlier', machine: 'other' }, self)).toBe('unknown');
    expect(await judgeLiveness({ ...self, pidNamespace: 'pid:[1]' }, self)).toBe('unknown');
    expect(await judgeLiveness({ pid: 1, hostname: self.hostname }, self)).toBe('unknown');
  });

  it('asks the system for the process where there is no /proc', async () => {
    const self = { pid: process.pid, hostname: 'here' };
    expect(await judgeLiveness(self, self)).toBe('unknown'); // it runs, but may be another one by now
    expect(await judgeLiveness({ pid: 2 ** 30, hostname: 'here' }, self)).toBe('presumed-dead');
    expect(await judgeLiveness({ pid: 2 ** 30, hostname: 'there' }, self)).toBe('unknown');
  });
});
