import { Board, isSilent, type BuildRecord, type MachineRecord, type StrangeRecord } from './board.js';
import { withDeadline } from './deadline.js';
import type { QueueAddress } from './queue-address.js';
import { BOARD_QUEUE, JOB_QUEUE, openServer } from './queue-server.js';

/** How many jobs of a queue are where. */
export interface JobCounts {
  readonly waiting: number;
  readonly running: number;
  readonly failed: number;
}

/** A build, as its coordinator last said, and its jobs that are in the queue. */
export interface BuildStatus extends BuildRecord {
  readonly isSilent: boolean;
  readonly queued: JobCounts;
}

/** What is on a queue. */
export interface QueueStatus {
  /** How messages name the queue: without credentials. */
  readonly place: string;
  readonly builds: readonly BuildStatus[];
  /** What is on the board and is no record of this version. */
  readonly strange: readonly StrangeRecord[];
  readonly machines: readonly (MachineRecord & { readonly isSilent: boolean })[];
}

/** Looks at a queue, and changes nothing. Throws USAGE for a missing package, IO where the queue cannot be used. */
export async function readQueueStatus(address: QueueAddress): Promise<QueueStatus> {
  const server = await openServer(address);
  const [jobs, boardQueue] = [server.openQueue(JOB_QUEUE), server.openQueue(BOARD_QUEUE)];
  for (const queue of [jobs, boardQueue]) queue.on('error', () => undefined);
  try {
    const { builds, machines, strange, nowMs } = await withDeadline(new Board(boardQueue, server).read());
    const waiting = await withDeadline(jobs.getRanges(['waiting', 'delayed'], 0, -1));
    const running = await withDeadline(jobs.getRanges(['active'], 0, -1));
    const failed = await withDeadline(jobs.getRanges(['failed'], 0, -1));
    return {
      place: server.place,
      builds: builds.map((build) => {
        const count = (ids: readonly string[]): number =>
          ids.filter((id) => id.startsWith(`${build.id}-`)).length;
        const queued = { waiting: count(waiting), running: count(running), failed: count(failed) };
        return { ...build, isSilent: isSilent(build, nowMs), queued };
      }),
      machines: machines.map((machine) => ({ ...machine, isSilent: isSilent(machine, nowMs) })),
      strange,
    };
  } finally {
    await Promise.all([jobs.close(), boardQueue.close()]);
  }
}
