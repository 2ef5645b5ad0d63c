import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readCpuQuota } from '../../src/cli/cgroup.js';
import { detectCpus, parseCpus } from '../../src/cli/cpus.js';
import { SigtablesError } from '../../src/errors.js';
import { MAX_CPUS } from '../../src/limits.js';

const AVAILABLE = availableParallelism();
const roots: string[] = [];

afterEach(async () => {
  for (const root of roots.splice(0)) await rm(root, { recursive: true, force: true });
});

/** A temporary folder that holds `files`, to stand in for the root of the file system. */
async function createRoot(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'sigtables-cpus-'));
  roots.push(root);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

describe('readCpuQuota', () => {
  it.each<[string, number | undefined, Record<string, string>]>([
    ['has none without cgroups', undefined, {}],
    ['has none without a quota file', undefined, { 'proc/self/cgroup': '0::/\n' }],
    ['reads v2', 1.5, { 'proc/self/cgroup': '0::/job\n', 'sys/fs/cgroup/job/cpu.max': '150000 100000\n' }],
    [
      'knows "max" of v2',
      undefined,
      { 'proc/self/cgroup': '0::/job\n', 'sys/fs/cgroup/job/cpu.max': 'max 100000\n' },
    ],
    [
      'takes the least on the way to the root of v2',
      2,
      {
        'proc/self/cgroup': '0::/slice/job/step\n',
        'sys/fs/cgroup/slice/job/step/cpu.max': '800000 100000\n',
        'sys/fs/cgroup/slice/job/cpu.max': '200000 100000\n',
        'sys/fs/cgroup/slice/cpu.max': 'max 100000\n',
        'sys/fs/cgroup/cpu.max': '400000 100000\n',
      },
    ],
    [
      'finds the quota of a container that sees its own group as the root',
      3,
      { 'proc/self/cgroup': '0::/docker/abc\n', 'sys/fs/cgroup/cpu.max': '300000 100000\n' },
    ],
    [
      'does not leave the mount by ".."',
      4,
      {
        'proc/self/cgroup': '0::/../../job\n',
        'sys/fs/cgroup/job/cpu.max': '400000 100000\n',
        'sys/job/cpu.max': '1 1\n',
      },
    ],
    [
      'does not take the quota of a neighbour',
      undefined,
      { 'proc/self/cgroup': '0::/job\n', 'sys/fs/cgroup/job2/cpu.max': '100000 100000\n' },
    ],
    [
      'reads v1',
      0.5,
      {
        'proc/self/cgroup': '5:memory:/job\n4:cpu,cpuacct:/job\n1:name=systemd:/job\n0::/\n',
        'sys/fs/cgroup/cpu/job/cpu.cfs_quota_us': '50000\n',
        'sys/fs/cgroup/cpu/job/cpu.cfs_period_us': '100000\n',
      },
    ],
    [
      'reads v1 mounted by the names of its controllers',
      2,
      {
        'proc/self/cgroup': '4:cpuacct,cpu:/job\n',
        'sys/fs/cgroup/cpuacct,cpu/cpu.cfs_quota_us': '100000\n',
        'sys/fs/cgroup/cpuacct,cpu/cpu.cfs_period_us': '50000\n',
        'sys/fs/cgroup/cpuacct,cpu/job/cpu.cfs_quota_us': '-1\n',
        'sys/fs/cgroup/cpuacct,cpu/job/cpu.cfs_period_us': '50000\n',
      },
    ],
    [
      'knows -1 of v1',
      undefined,
      {
        'proc/self/cgroup': '4:cpu:/\n',
        'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
        'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
      },
    ],
    [
      'does not take "cpuset" for "cpu"',
      undefined,
      {
        'proc/self/cgroup': '4:cpuset:/\n',
        'sys/fs/cgroup/cpuset/cpu.cfs_quota_us': '100000\n',
        'sys/fs/cgroup/cpuset/cpu.cfs_period_us': '100000\n',
      },
    ],
    [
      'ignores nonsense',
      undefined,
      { 'proc/self/cgroup': 'x\n\n0::/\n', 'sys/fs/cgroup/cpu.max': 'a b c\n' },
    ],
    ['ignores an empty quota', undefined, { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': '' }],
    [
      'ignores a quota of 0',
      undefined,
      { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': '0 100000' },
    ],
    [
      'ignores a period of 0',
      undefined,
      { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': '100000 0' },
    ],
  ])('%s', async (_name, quota, files) => {
    expect(readCpuQuota(await createRoot(files))).toBe(quota);
  });
});

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
