/** How long a reading of the server's clock is gone by: clocks drift apart, and that of a machine stands still while it sleeps. */
const READING_MS = 60_000;

/**
 * The clock of a queue's server. Machines tell each other times by it alone: those of their own may be days apart. Between two
 * readings it goes by what has passed here.
 */
export class ServerClock {
  readonly #read: () => Promise<number>;
  #serverMs: number;
  #passedMs = performance.now();
  #wallMs = Date.now();

  /** `read` asks the server, in ms since 1970; `firstMs` is what it has just said. */
  constructor(read: () => Promise<number>, firstMs: number) {
    this.#read = read;
    this.#serverMs = firstMs;
  }

  /** The server's time, in ms since 1970. Never rejects: where the server does not answer, its earlier word counts. */
  async now(): Promise<number> {
    const passedMs = performance.now() - this.#passedMs;
    // A machine that slept has not counted the time, but its wall clock has.
    const isFresh = passedMs < READING_MS && Math.abs(Date.now() - this.#wallMs) < READING_MS;
    if (!isFresh) await this.#readAgain();
    return Math.round(this.#serverMs + performance.now() - this.#passedMs);
  }

  async #readAgain(): Promise<void> {
    const readMs = await this.#read().catch(() => undefined);
    this.#serverMs = readMs ?? this.#serverMs + performance.now() - this.#passedMs;
    this.#passedMs = performance.now();
    this.#wallMs = Date.now();
  }
}
