import { createHash } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** What tells one process from every other, also after its id was given to another one or the machine rebooted. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly hostname: string;
  /** In clock ticks since boot, which no change of the clock touches; known where there is /proc. */
  readonly startTicks?: string;
  /** Differs after every reboot; known on Linux. */
  readonly bootId?: string;
  readonly pidNamespace?: string;
  readonly networkNamespace?: string;
  /** A hash of the machine's id, for machines that share a disk and a host name. */
  readonly machine?: string;
}

/** Whether a process still runs; `unknown` means that it cannot be told from here. */
export type Liveness = 'alive' | 'dead' | 'unknown';

/**
 * What names and ids say of a process. `presumed-dead`: the same machine is said to run without it, after another boot,
 * say. But a clone of the machine has the same names, and the process may live there.
 */
export type Judgement = Liveness | 'presumed-dead';

/** The identity of this process. */
export async function identifyProcess(): Promise<ProcessIdentity> {
  const [stat, bootId, pidNamespace, networkNamespace, machineId] = await Promise.all([
    readText('/proc/self/stat'),
    readText('/proc/sys/kernel/random/boot_id'),
    readlink('/proc/self/ns/pid').catch(() => undefined),
    readlink('/proc/self/ns/net').catch(() => undefined),
    readText('/etc/machine-id'),
  ]);
  const startTicks = stat && parseProcessStat(stat)?.startTicks;
  return {
    pid: process.pid,
    hostname: hostname(),
    ...(startTicks && { startTicks }),
    ...(bootId && { bootId }),
    ...(pidNamespace && { pidNamespace }),
    ...(networkNamespace && { networkNamespace }),
    ...(machineId && { machine: createHash('sha256').update(machineId).digest('hex').slice(0, 16) }),
  };
}

/** Whether the process `other` still runs, seen from the process `self`; compares no clocks. */
export async function judgeLiveness(other: ProcessIdentity, self: ProcessIdentity): Promise<Judgement> {
  const sameMachine = other.hostname === self.hostname && other.machine === self.machine;
  if (other.bootId !== self.bootId)
    return sameMachine && other.bootId && self.bootId ? 'presumed-dead' : 'unknown';
  if (other.bootId === undefined && !sameMachine) return 'unknown';
  if (other.pidNamespace !== self.pidNamespace) return 'unknown';
  const liveness = await judgeProcess(other.pid, other.startTicks);
  // Without the id of a boot, nothing but names says that it is the same machine.
  return liveness === 'dead' && other.bootId === undefined ? 'presumed-dead' : liveness;
}

/** What /proc/<pid>/stat says of a process (proc_pid_stat(5)); `undefined` if the text is not of that form. */
export function parseProcessStat(text: string): { startTicks: string; exited: boolean } | undefined {
  // The name in parentheses may itself hold spaces and parentheses. Behind it fields count from 3.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, threads, startTicks] = [fields[0], fields[17], fields[19]];
  if (state === undefined || startTicks === undefined || !/^\d+$/.test(startTicks)) return undefined;
  // A killed process that nobody waited for is a zombie; while other threads of it still end, they may still write.
  return { startTicks, exited: 'ZXx'.includes(state) && Number(threads) <= 1 };
}

async function judgeProcess(pid: number, startTicks: string | undefined): Promise<Liveness> {
  const stat = await readText(`/proc/${String(pid)}/stat`);
  const seen = stat && parseProcessStat(stat);
  if (seen && startTicks) return seen.startTicks === startTicks && !seen.exited ? 'alive' : 'dead';
  // No /proc, or one that hides the processes of others: an id in use may be that of another process by now.
  return processExists(pid) ? 'unknown' : 'dead';
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

async function readText(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trim() || undefined;
}
