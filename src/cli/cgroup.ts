import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const CGROUP_V2_MOUNTS = ['sys/fs/cgroup', 'sys/fs/cgroup/unified'];
const CGROUP_V1_MOUNT = 'sys/fs/cgroup';

/**
 * The smallest CPU quota, in CPUs, of this process's control group and the ones above it; `undefined` without a quota.
 * Reads cgroup v1 and v2 below `root`; what cannot be read counts as no quota.
 */
export function readCpuQuota(root: string): number | undefined {
  const quotas = listCpuFolders(root)
    .map((folder) => readQuotaV2(folder) ?? readQuotaV1(folder))
    .filter((quota) => quota !== undefined);
  return quotas.length === 0 ? undefined : Math.min(...quotas);
}

/** The folders of the process's own groups and of all above them: each may have a quota of its own. */
function listCpuFolders(root: string): string[] {
  const lines = readText(join(root, 'proc/self/cgroup'))?.split('\n') ?? [];
  return lines.flatMap((line) => {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) return [];
    return listMounts(controllers).flatMap((mount) =>
      listAncestors(path).map((group) => join(root, mount, group)),
    );
  });
}

/** A line without controllers is the one of cgroup v2; v1 mounts each set of controllers apart. */
function listMounts(controllers: string): string[] {
  if (controllers === '') return CGROUP_V2_MOUNTS;
  if (!controllers.split(',').includes('cpu')) return [];
  return ['cpu', controllers].map((name) => join(CGROUP_V1_MOUNT, name));
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
