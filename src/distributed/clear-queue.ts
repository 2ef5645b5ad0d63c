import type { Queue } from 'bullmq';
import { withDeadline } from './deadline.js';

type State = 'waiting' | 'delayed' | 'failed' | 'completed';

/** Removes the jobs of `build` that are in one of `states` from the queue; how many they were. */
export async function clearQueue(queue: Queue, build: string, states: readonly State[]): Promise<number> {
  const ids = await withDeadline(queue.getRanges([...states], 0, -1));
  const own = ids.filter((id) => id.startsWith(`${build}-`));
  const removed = await Promise.all(own.map((id) => withDeadline(queue.remove(id))));
  return removed.filter((count) => count > 0).length;
}
