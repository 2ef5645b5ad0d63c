import type { Queue } from 'bullmq';
import { withDeadline } from './deadline.js';

const STATES = ['waiting', 'delayed', 'active', 'completed', 'failed'] as const;

/** Where a job is in a queue. */
export type JobState = (typeof STATES)[number];

/** A job's id in the queue: one that has finished is never added again, so the build's name is in it. */
export function nameJob(build: string, job: number): string {
  return `${build}-${job}`;
}

/**
 * Where the jobs of `build` are, by their numbers. States are read in the order in which jobs move, so that one that moves meanwhile is
 * seen at least once, mostly. Rejects where the queue does not answer.
 */
export async function readJobStates(queue: Queue, build: string): Promise<Map<number, JobState>> {
  const prefix = nameJob(build, 0).slice(0, -1);
  const states = new Map<number, JobState>();
  for (const state of STATES) {
    for (const id of await withDeadline(queue.getRanges([state], 0, -1)))
      if (id.startsWith(prefix)) states.set(Number(id.slice(prefix.length)), state);
  }
  return states;
}
