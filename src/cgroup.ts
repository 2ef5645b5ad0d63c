import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const CGROUP_V2_MOUNTS = ['sys/fs/cgroup', 'sys/fs/cgroup/unified'];
const CGROUP_V1_MOUNT = 'sys/fs/cgroup';
/** Of v2: above `memory.high` the kernel slows a group down and frees its memory; and of v1. */
const MEMORY_LIMIT_FILES = ['memory.max', 'memory.high', 'memory.limit_in_bytes'];

/**
 * The smallest CPU quota, in CPUs, of this process's control group and the ones above it; `undefined` without a quota.
 * Reads cgroup v1 and v2 below `root`; what cannot be read counts as no quota.
 */
export function readCpuQuota(root: string): number | undefined {
  return leastOf(listFolders(root, 'cpu').map((folder) => readQuotaV2(folder) ?? readQuotaV1(folder)));
}

/**
 * The smallest memory limit, in bytes, of this process's control group and the ones above it; `undefined` without a limit.
 * Reads as `readCpuQuota` does. Node's `process.constrainedMemory()` knows the process's own group alone.
 */
export function readMemoryLimit(root: string): number | undefined {
  return leastOf(
    listFolders(root, 'memory').flatMap((folder) =>
      MEMORY_LIMIT_FILES.map((name) => readLimit(join(folder, name))),
    ),
  );
}

function leastOf(bounds: readonly (number | undefined)[]): number | undefined {
  const known = bounds.filter((bound) => bound !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** The folders of the process's own groups and of all above them: each may have a bound of its own. */
function listFolders(root: string, controller: string): string[] {
  const lines = readText(join(root, 'proc/self/cgroup'))?.split('\n') ?? [];
  return lines.flatMap((line) => {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) return [];
    return listMounts(controllers, controller).flatMap((mount) =>
      listAncestors(path).map((group) => join(root, mount, group)),
    );
  });
}

/** A line without controllers is the one of cgroup v2; v1 mounts each set of controllers apart. */
function listMounts(controllers: string, controller: string): string[] {
  if (controllers === '') return CGROUP_V2_MOUNTS;
  if (!controllers.split(',').includes(controller)) return [];
  return [controller, controllers].map((name) => join(CGROUP_V1_MOUNT, name));
}

/** `/a/b` gives `a/b`, `a` and the mount itself; `..`, which stands for a group outside of the container, is left out. */
function listAncestors(path: string): string[] {
  const names = path.split('/').filter((name) => name !== '' && name !== '..');
  return Array.from({ length: names.length + 1 }, (_, dropped) =>
    names.slice(0, names.length - dropped).join('/'),
  );
}

/** `cpu.max` holds the quota and the period in microseconds; a quota of `max` is none. */
function readQuotaV2(folder: string): number | undefined {
  const [quota, period] = readText(join(folder, 'cpu.max'))?.trim().split(' ') ?? [];
  return divide(quota, period);
}

/** Both files hold microseconds; a quota of -1 is none. */
function readQuotaV1(folder: string): number | undefined {
  return divide(readText(join(folder, 'cpu.cfs_quota_us')), readText(join(folder, 'cpu.cfs_period_us')));
}

/** Bytes; `max` of v2 and the largest number of pages of v1 are no limit, and none is larger than what a number is exact for. */
function readLimit(path: string): number | undefined {
  const text = readText(path)?.trim() ?? '';
  return /^\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
}

function divide(quota: string | undefined, period: string | undefined): number | undefined {
  const cpus = Number(quota) / Number(period);
  return Number.isFinite(cpus) && cpus > 0 ? cpus : undefined;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
