import type { Job, Queue } from 'bullmq';

/** Stands for a job whose words are no JSON: BullMQ cannot read it, but can remove it. */
export const DAMAGED = 'damaged';

/** The job `id` of `queue`; nothing where there is none. Rejects where the server does not answer. */
export async function findJob(queue: Queue, id: string): Promise<Job | typeof DAMAGED | undefined> {
  try {
    return await queue.getJob(id);
  } catch (error) {
    if (error instanceof SyntaxError) return DAMAGED;
    throw error;
  }
}
