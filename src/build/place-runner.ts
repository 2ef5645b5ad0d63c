import type { WorkerPool } from '../pool/job-pool.js';
import type { PlaceOutcome, PlaceTask } from '../pool/messages.js';
import { JobError } from './job-runner.js';

type Placed = Extract<PlaceOutcome, { ok: true }>;

/**
 * Runs `tasks` on `lanes` threads; hands each result to `onDone`, with the task's number. False where it was stopped before
 * all were done. Throws the first failure: a JobError, or what a worker died of.
 */
export async function runPlaceTasks(
  pool: WorkerPool<PlaceTask, PlaceOutcome>,
  tasks: readonly PlaceTask[],
  lanes: number,
  isStopped: () => boolean,
  onDone: (result: Placed, index: number) => void,
): Promise<boolean> {
  const left = tasks.entries();
  const failures: unknown[] = [];
  let done = 0;
  const runLane = async (): Promise<void> => {
    for (const [index, task] of left) {
      if (failures.length > 0 || isStopped()) return;
      const outcome = await pool.run(task);
      if (!outcome.ok) throw new JobError(outcome.failure);
      onDone(outcome, index);
      done += 1;
    }
  };
  const lane = (): Promise<unknown> =>
    runLane().catch((error: unknown) => {
      // Who stops it ends the workers.
      if (!isStopped()) failures.push(error);
    });
  await Promise.all(Array.from({ length: lanes }, lane));
  if (failures.length > 0) throw failures[0];
  return done === tasks.length;
}
