import { buildAmbiguous, buildUnknown } from '../errors.js';
import { type OutsideText, rawText, toOneLine } from '../errors/quoting.js';
import { Board, isSilent, type BuildRecord } from './board.js';
import { clearQueue } from './clear-queue.js';
import { withDeadline } from './deadline.js';
import type { QueueAddress } from './queue-address.js';
import { BOARD_QUEUE, JOB_QUEUE, openServer } from './queue-server.js';

/** What was cancelled. */
export interface Cancelled {
  readonly id: string;
  /** Its output folder; absent where it was no build but a malformed record. */
  readonly out: OutsideText | undefined;
  /** Jobs that were taken out of the queue; those that ran end within seconds. */
  readonly removed: number;
}

/**
 * Removes the malformed record of the name `id`; else takes a build's jobs out of the queue, and has the running ones ended. What is in its folder stays, and its command goes on. Throws
 * USAGE where no such build is there, or several and none is named; IO where the queue cannot be used.
 */
export async function cancelBuild(address: QueueAddress, id: string | undefined): Promise<Cancelled> {
  const server = await openServer(address);
  const [jobs, boardQueue] = [server.openQueue(JOB_QUEUE), server.openQueue(BOARD_QUEUE)];
  for (const queue of [jobs, boardQueue]) queue.on('error', () => undefined);
  const board = new Board(boardQueue, server);
  try {
    const { builds, strange, nowMs } = await withDeadline(board.read());
    // As it is, or as status shows it: what is no record may have a name that cannot be typed.
    const named = strange.find((record) => id === rawText(record.id) || id === toOneLine(record.id));
    if (named !== undefined) {
      await withDeadline(board.removeStrange(named.id));
      return { id: rawText(named.id), out: undefined, removed: 0 };
    }
    const build = choose(builds, id, server.place);
    // First the word: who gives jobs out must not begin again.
    await withDeadline(board.cancel(build.id));
    const removed = await clearQueue(jobs, build.id, ['waiting', 'delayed', 'failed', 'completed']);
    // A coordinator that is there removes its record itself; nobody else will for one that is not.
    if (build.state === 'stopped' || isSilent(build, nowMs)) await withDeadline(board.remove(build));
    return { id: build.id, out: build.out, removed };
  } finally {
    await Promise.all([jobs.close(), boardQueue.close()]);
  }
}

function choose(builds: readonly BuildRecord[], id: string | undefined, place: string): BuildRecord {
  const found = builds.filter((build) => id === undefined || build.id === id);
  const [build] = found;
  if (!build) throw buildUnknown(id ?? 'at all', place);
  if (found.length > 1) throw buildAmbiguous(found.map((one) => one.id));
  return build;
}
