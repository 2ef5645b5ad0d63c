import { describe, expect, it } from 'vitest';
import { readCpuQuota, readMemoryLimit } from '../src/cgroup.js';
import { createRoot } from './cgroup-root.js';

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

describe('readMemoryLimit', () => {
  it.each<[string, number | undefined, Record<string, string>]>([
    ['has none without cgroups', undefined, {}],
    [
      'reads v2',
      512 * 2 ** 20,
      { 'proc/self/cgroup': '0::/job\n', 'sys/fs/cgroup/job/memory.max': '536870912\n' },
    ],
    [
      'knows "max" of v2',
      undefined,
      { 'proc/self/cgroup': '0::/job\n', 'sys/fs/cgroup/job/memory.max': 'max\n' },
    ],
    [
      'takes where the kernel begins to slow a group of v2 down',
      1000,
      {
        'proc/self/cgroup': '0::/job\n',
        'sys/fs/cgroup/job/memory.max': '2000\n',
        'sys/fs/cgroup/job/memory.high': '1000\n',
      },
    ],
    [
      'takes the least on the way to the root of v2',
      300,
      {
        'proc/self/cgroup': '0::/slice/job/step\n',
        'sys/fs/cgroup/slice/job/step/memory.max': 'max\n',
        'sys/fs/cgroup/slice/job/memory.max': '300\n',
        'sys/fs/cgroup/slice/memory.max': '400\n',
      },
    ],
    [
      'finds the limit of a container that sees its own group as the root',
      700,
      { 'proc/self/cgroup': '4:memory:/docker/abc\n', 'sys/fs/cgroup/memory/memory.limit_in_bytes': '700\n' },
    ],
    [
      'takes the least on the way to the root of v1',
      500,
      {
        'proc/self/cgroup': '5:cpu:/job\n4:memory:/job/step\n0::/\n',
        'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
        'sys/fs/cgroup/memory/job/memory.limit_in_bytes': '500\n',
        'sys/fs/cgroup/memory/job/step/memory.limit_in_bytes': '9223372036854771712\n',
      },
    ],
    [
      'does not take the limit of a neighbour',
      undefined,
      { 'proc/self/cgroup': '0::/job\n', 'sys/fs/cgroup/job2/memory.max': '100\n' },
    ],
    [
      'ignores nonsense',
      undefined,
      { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/memory.max': '-1\n', 'sys/fs/cgroup/memory.high': '' },
    ],
  ])('%s', async (_name, limit, files) => {
    expect(readMemoryLimit(await createRoot(files))).toBe(limit);
  });
});
