import { SIGNAL_ECHO_MS } from '../limits.js';
import { isIgnored, STOP_SIGNALS, type StopSignal } from './ignored-signals.js';

/** Turns a first signal into an orderly stop of a worker, and a second one into giving back what runs. */
export class WorkerSignals {
  readonly #stop = new AbortController();
  readonly #cut = new AbortController();
  readonly #say: (message: string) => void;
  #receivedMs = 0;
  received: StopSignal | undefined;

  /** Begins to listen. */
  constructor(say: (message: string) => void) {
    this.#say = say;
    for (const name of STOP_SIGNALS) process.on(name, this.#onStop);
  }

  /** Aborted by the first signal. */
  get stop(): AbortSignal {
    return this.#stop.signal;
  }

  /** Aborted by the second. */
  get cut(): AbortSignal {
    return this.#cut.signal;
  }

  dispose(): void {
    for (const name of STOP_SIGNALS) process.off(name, this.#onStop);
  }

  readonly #onStop = (name: StopSignal): void => {
    if (isIgnored(name)) return;
    const nowMs = performance.now();
    if (this.received === undefined) {
      this.received = name;
      this.#receivedMs = nowMs;
      this.#say(`${name}: running jobs end, no more are taken; once more gives them back at once`);
      this.#stop.abort(name);
    } else if (name !== this.received || nowMs - this.#receivedMs > SIGNAL_ECHO_MS) this.#cut.abort(name);
  };
}
