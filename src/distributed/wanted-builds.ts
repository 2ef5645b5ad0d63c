import { QUEUE_BEAT_MS } from '../limits.js';
import type { Board } from './board.js';
import { withDeadline } from './deadline.js';
import { UNWANTED } from './queued-jobs.js';
import { hashTerms, type JobData } from './job-data.js';
import { holdsToken } from './job-folder.js';

interface Running {
  readonly folder: string;
  readonly terms: JobData;
  readonly aborters: Set<AbortController>;
}

/**
 * Looks whether builds still want the jobs that run here: a build whose coordinator was told to stop at once takes its token away, and
 * one that was cancelled says so on the board. Neither needs the other's connection.
 */
export class WantedBuilds {
  readonly #board: Board;
  readonly #builds = new Map<string, Running>();
  readonly #timer: NodeJS.Timeout;
  #isLooking = false;

  constructor(board: Board) {
    this.#board = board;
    this.#timer = setInterval(() => void this.#look(), QUEUE_BEAT_MS / 2);
  }

  /** Whether the build is on the board, and not cancelled. Rejects where the queue does not answer. */
  async isWanted(build: string): Promise<boolean> {
    return withDeadline(this.#board.wants(build));
  }

  /** From now on the work of `aborter` ends when the build wants it no more. */
  add(terms: JobData, folder: string, aborter: AbortController): void {
    const key = hashTerms(terms);
    const running = this.#builds.get(key) ?? { folder, terms, aborters: new Set() };
    running.aborters.add(aborter);
    this.#builds.set(key, running);
  }

  remove(terms: JobData, aborter: AbortController): void {
    const key = hashTerms(terms);
    const running = this.#builds.get(key);
    running?.aborters.delete(aborter);
    if (running?.aborters.size === 0) this.#builds.delete(key);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    for (const { folder, terms, aborters } of [...this.#builds.values()]) {
      const isWanted = holdsToken(folder, terms) && (await this.isWanted(terms.build).catch(() => true));
      if (!isWanted) for (const aborter of aborters) aborter.abort(UNWANTED);
    }
    this.#isLooking = false;
  }
}
