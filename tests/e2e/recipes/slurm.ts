import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { createFolder } from '../harness.js';
import { findFreePorts } from './free-ports.js';

const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
/** What a cluster of this machine alone needs. */
export const SLURM_PROGRAMS = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'scontrol'];
const CPUS = 2;

export interface Cluster {
  /** What the commands of Slurm need in their environment. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts Slurm on this machine as its only node, with files and ports of its own. */
export async function startCluster(): Promise<Cluster> {
  const folder = await createFolder();
  const env = { PATH, SLURM_CONF: join(folder, 'slurm.conf') };
  await writeFile(join(folder, 'munge.key'), randomBytes(1024), { mode: 0o400 });
  for (const name of ['munge', 'state', 'spool']) await mkdir(join(folder, name), { mode: 0o755 });
  const [controller = 0, node = 0] = await findFreePorts(2);
  await writeFile(env.SLURM_CONF, writeConfig(folder, controller, node));
  const files = ['socket', 'pid-file', 'log-file', 'seed-file'].map(
    (n) => `--${n}=${join(folder, 'munge', n)}`,
  );
  // --force: the folders of a temporary folder that all may write to are no place that munge trusts.
  await execa('munged', ['--force', `--key-file=${join(folder, 'munge.key')}`, ...files], { env });
  await execa('slurmctld', ['-i'], { env });
  await execa('slurmd', ['-N', hostname()], { env });
  const pidFiles = ['slurmd.pid', 'slurmctld.pid', join('munge', 'pid-file')].map((file) =>
    join(folder, file),
  );
  const stop = () => stopAll(pidFiles);
  await waitForNode(env).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { env, stop };
}

async function waitForNode(env: Cluster['env']): Promise<void> {
  for (let tries = 0; tries < 900; tries++) {
    const { stdout } = await execa('sinfo', ['--noheader', '--format=%T'], { env, reject: false });
    if (stdout.trim() === 'idle') return;
    await sleep(100);
  }
  throw new Error('the node of the cluster does not become idle within 90 s');
}

async function stopAll(pidFiles: readonly string[]): Promise<void> {
  for (const file of pidFiles) {
    const pid = Number(await readFile(file, 'utf8').catch(() => ''));
    if (pid > 0) process.kill(pid, 'SIGTERM');
  }
}

/** A node without cgroups, accounts or a process tracker that needs root. */
function writeConfig(folder: string, controllerPort: number, nodePort: number): string {
  const user = userInfo().username;
  const socket = join(folder, 'munge', 'socket');
  return `ClusterName=one
SlurmctldHost=${hostname()}(127.0.0.1)
SlurmUser=${user}
SlurmdUser=${user}
SlurmctldPort=${controllerPort}
SlurmdPort=${nodePort}
AuthType=auth/munge
AuthInfo=socket=${socket}
StateSaveLocation=${join(folder, 'state')}
SlurmdSpoolDir=${join(folder, 'spool')}
SlurmctldPidFile=${join(folder, 'slurmctld.pid')}
SlurmdPidFile=${join(folder, 'slurmd.pid')}
SlurmctldLogFile=${join(folder, 'slurmctld.log')}
SlurmdLogFile=${join(folder, 'slurmd.log')}
ProctrackType=proctrack/pgid
TaskPlugin=task/none
MpiDefault=none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,batch_sched_delay=1
ReturnToService=2
NodeName=${hostname()} NodeAddr=127.0.0.1 CPUs=${CPUS} State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
}
