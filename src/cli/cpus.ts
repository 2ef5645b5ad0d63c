import { availableParallelism } from 'node:os';
import { readCpuQuota } from '../cgroup.js';
import { cpusMalformed, cpusOutOfBounds } from '../errors.js';
import { MAX_CPUS } from '../limits.js';

/** How many CPUs this process may use, and what says so. */
export interface CpuAllowance {
  readonly cpus: number;
  readonly source: string;
}

/**
 * The CPUs that this process may use: the least of `listCpuBounds`, from 1 to MAX_CPUS. Reads `/proc` and `/sys` below `root`.
 */
export function detectCpus(root = '/', env: NodeJS.ProcessEnv = process.env): CpuAllowance {
  return listCpuBounds(root, env).reduce((least, bound) => (bound.cpus < least.cpus ? bound : least));
}

/** All that bounds the CPUs: the affinity mask, the control group's CPU quota (rounded up), and `SLURM_CPUS_PER_TASK`. */
export function listCpuBounds(
  root = '/',
  env: NodeJS.ProcessEnv = process.env,
): [CpuAllowance, ...CpuAllowance[]] {
  const slurm = env['SLURM_CPUS_PER_TASK'] ?? '';
  const quota = readCpuQuota(root);
  const bounds: [CpuAllowance, ...CpuAllowance[]] = [
    { cpus: Math.min(availableParallelism(), MAX_CPUS), source: 'CPU affinity' },
  ];
  if (quota !== undefined) bounds.push({ cpus: Math.ceil(quota), source: 'cgroup CPU quota' });
  if (/^0*[1-9]\d*$/.test(slurm)) bounds.push({ cpus: Number(slurm), source: 'SLURM_CPUS_PER_TASK' });
  return bounds;
}

/**
 * The number of CPUs that `text` asks for: a number, a share such as `50%` of what this process may use, or `max` for
 * all of that. Throws a USAGE error naming `flag` for anything else, and above MAX_CPUS.
 */
export function parseCpus(
  text: string,
  flag: string,
  countAvailable = (): number => detectCpus().cpus,
): number {
  if (text === 'max') return countAvailable();
  const [, digits, percent] = /^(\d+)(%?)$/.exec(text) ?? [];
  if (digits === undefined) throw cpusMalformed(flag, text);
  const amount = Number(digits);
  const limit = percent === '%' ? 100 : MAX_CPUS;
  if (amount < 1 || amount > limit) throw cpusOutOfBounds(flag, text, MAX_CPUS);
  return percent === '%' ? Math.max(1, Math.floor((countAvailable() * amount) / 100)) : amount;
}
