import type { Worker } from 'bullmq';
import { QUEUE_LOCK_LOST_MS } from '../limits.js';

const CHECK_MS = 1_000;

interface Held {
  renewedMs: number;
  readonly aborter: AbortController;
}

/**
 * Ends the work on jobs whose lock was not renewed in time: another worker may have them. BullMQ itself says so only once the queue
 * answers again, which may be never.
 */
export class LockWatch {
  readonly #held = new Map<string, Held>();
  readonly #timer: NodeJS.Timeout;
  readonly #lostMs: number;

  constructor(worker: Pick<Worker, 'on'>, lostMs = QUEUE_LOCK_LOST_MS) {
    this.#lostMs = lostMs;
    this.#timer = setInterval(() => this.#check(), CHECK_MS);
    worker.on('locksRenewed', ({ jobIds }) => {
      const nowMs = performance.now();
      for (const id of jobIds) {
        const held = this.#held.get(id);
        if (held) held.renewedMs = nowMs;
      }
    });
    worker.on('lockRenewalFailed', (jobIds: string[]) => {
      for (const id of jobIds) this.#held.get(id)?.aborter.abort('its lock was lost');
    });
  }

  /** From now on the job `id` is held; the signal is aborted, with a reason, when its lock may be gone. */
  hold(id: string): AbortController {
    const aborter = new AbortController();
    this.#held.set(id, { renewedMs: performance.now(), aborter });
    return aborter;
  }

  release(id: string): void {
    this.#held.delete(id);
  }

  /** Ends the work on all jobs. */
  abortAll(reason: string): void {
    for (const { aborter } of this.#held.values()) aborter.abort(reason);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** After a freeze the clock has gone on: the first check ends what was held. */
  #check(): void {
    const nowMs = performance.now();
    for (const { renewedMs, aborter } of this.#held.values())
      if (nowMs - renewedMs > this.#lostMs) aborter.abort('its lock was not renewed in time');
  }
}
