import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { detectCpus, parseCpus } from '../../src/cli/cpus.js';
import { SigtablesError } from '../../src/errors.js';
import { MAX_CPUS } from '../../src/limits.js';
import { createRoot } from '../cgroup-root.js';

const AVAILABLE = availableParallelism();

describe('detectCpus', () => {
  const affinity = { cpus: Math.min(AVAILABLE, MAX_CPUS), source: 'CPU affinity' };

  it('takes the affinity mask where nothing else is said', async () => {
    expect(detectCpus(await createRoot({}), {})).toEqual(affinity);
  });

  it.each([
    ['10000 100000', 1],
    ['100000 100000', 1],
    ['100001 100000', 2],
    ['150000 100000', 2],
  ])('rounds the quota %j up to %i', async (max, cpus) => {
    const root = await createRoot({ 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': max });
    expect(detectCpus(root, {}).cpus).toBe(Math.min(cpus, AVAILABLE));
  });

  it('names what limits it', async () => {
    const quota = { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': '100000 100000' };
    // On a machine of one CPU nothing limits it further.
    const sourceAtMost = (source: string): string => (AVAILABLE > 1 ? source : affinity.source);
    expect(detectCpus(await createRoot(quota), {})).toEqual({
      cpus: 1,
      source: sourceAtMost('cgroup CPU quota'),
    });
    expect(detectCpus(await createRoot({}), { SLURM_CPUS_PER_TASK: '1' })).toEqual({
      cpus: 1,
      source: sourceAtMost('SLURM_CPUS_PER_TASK'),
    });
  });

  it('takes no more than the machine has', async () => {
    const files = { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': '99900000 100000' };
    expect(detectCpus(await createRoot(files), { SLURM_CPUS_PER_TASK: '999' })).toEqual(affinity);
  });

  it.each(['', '0', '-1', 'abc', '1.5', '1(x2)'])('ignores SLURM_CPUS_PER_TASK=%j', async (slurm) => {
    expect(detectCpus(await createRoot({}), { SLURM_CPUS_PER_TASK: slurm })).toEqual(affinity);
  });

  it('works on this machine', () => {
    const { cpus } = detectCpus();
    expect(Number.isInteger(cpus) && cpus >= 1 && cpus <= AVAILABLE).toBe(true);
  });
});

describe('parseCpus', () => {
  const parse = (text: string, available = 6): number => parseCpus(text, '--cpus', () => available);

  it.each([
    ['1', 6, 1],
    ['6', 6, 6],
    ['64', 6, 64],
    ['04', 6, 4],
    [String(MAX_CPUS), 6, MAX_CPUS],
    ['max', 6, 6],
    ['100%', 6, 6],
    ['50%', 6, 3],
    ['50%', 7, 3],
    ['50%', 1, 1],
    ['1%', 6, 1],
    ['99%', 6, 5],
  ])('takes %j of %i as %i', (text, available, cpus) => {
    expect(parse(text, available)).toBe(cpus);
  });

  it('asks the machine by itself', () => {
    expect(parseCpus('max', '--cpus')).toBe(detectCpus().cpus);
  });

  it.each([
    ['0', 'is out of bounds: expected 1 to 1024'],
    [String(MAX_CPUS + 1), 'is out of bounds'],
    ['9'.repeat(400), 'is out of bounds'],
    ['0%', 'is out of bounds'],
    ['101%', 'is out of bounds'],
    ['-1', 'is not a number of CPUs: expected one such as 6, 50% or max'],
    ['abc', 'is not a number of CPUs'],
    ['1.5', 'is not a number of CPUs'],
    ['1e1', 'is not a number of CPUs'],
    ['0x2', 'is not a number of CPUs'],
    ['', 'is not a number of CPUs'],
    [' ', 'is not a number of CPUs'],
    ['%', 'is not a number of CPUs'],
    ['50 %', 'is not a number of CPUs'],
    ['50%%', 'is not a number of CPUs'],
    ['2\n', 'is not a number of CPUs'],
    ['MAX', 'is not a number of CPUs'],
  ])('refuses %j', (text, complaint) => {
    expect(() => parse(text)).toThrow(SigtablesError);
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'USAGE' }));
    expect(() => parse(text)).toThrow(complaint);
    expect(() => parse(text)).toThrow('--cpus "');
  });
});
