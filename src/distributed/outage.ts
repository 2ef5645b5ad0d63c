import { queueGone } from '../errors.js';
import { QUEUE_OUTAGE_MS } from '../limits.js';

/** Keeps account of whether a queue answers, and says so once per outage. */
export class Outage {
  readonly #place: string;
  readonly #say: (message: string) => void;
  readonly #mostMs: number;
  #sinceMs: number | undefined;
  #why = '';

  /** Outages of more than `mostMs` count as the end. */
  constructor(place: string, say: (message: string) => void, mostMs = QUEUE_OUTAGE_MS) {
    this.#place = place;
    this.#say = say;
    this.#mostMs = mostMs;
  }

  /** Whether the queue is away, as far as is known. */
  get isOn(): boolean {
    return this.#sinceMs !== undefined;
  }

  /** The queue did not answer, or lost its connection. */
  begin(why: string): void {
    this.#why = why;
    if (this.#sinceMs !== undefined) return;
    this.#sinceMs = performance.now();
    // Redis and Valkey refuse to take more once their maxmemory is reached.
    const what = why.startsWith('OOM ') ? 'has no memory left' : 'does not answer';
    this.#say(`the queue ${this.#place} ${what} (${why}): trying again`);
  }

  /** The queue has answered. */
  end(): void {
    if (this.#sinceMs === undefined) return;
    const seconds = Math.round((performance.now() - this.#sinceMs) / 1000);
    this.#sinceMs = undefined;
    this.#say(`the queue ${this.#place} answers again, after ${seconds} s`);
  }

  /** Throws IO once it has not answered for too long. */
  refuseEndless(): void {
    if (this.#sinceMs === undefined || performance.now() - this.#sinceMs < this.#mostMs) return;
    throw queueGone(this.#place, this.#why, Math.round(this.#mostMs / 60_000));
  }
}
