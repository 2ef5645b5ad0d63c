import { constants } from 'node:os';
import { isatty } from 'node:tty';
import { SIGNAL_ECHO_MS } from '../limits.js';
import { isIgnored, STOP_SIGNALS, type StopSignal } from './ignored-signals.js';
import type { ProgressReporter } from './progress/reporter.js';

/** The exit status of a process that `signal` ended: 128 + its number. */
export function toExitStatus(signal: StopSignal): number {
  return 128 + constants.signals[signal];
}

/** Turns signals into an orderly stop, then into an immediate one, and SIGUSR1 into a line about progress. */
export class SignalWatch {
  /** Who prints, once that is known. */
  reporter: ProgressReporter | undefined;
  readonly #controller = new AbortController();
  readonly #terminals = [0, 1, 2].filter((fd) => isatty(fd));
  #received: StopSignal | undefined;
  #receivedMs = 0;

  /** Begins to listen: at once, since an unheard SIGUSR1 starts Node's debugger. */
  constructor() {
    for (const name of STOP_SIGNALS) process.on(name, this.#onStop);
    process.on('SIGUSR1', this.#onAsked);
  }

  /** Aborted by the first signal. */
  get abortSignal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The first signal that asked for a stop. */
  get received(): StopSignal | undefined {
    return this.#received;
  }

  /** Gives the stop signals back to Node; SIGUSR1 stays harmless. */
  dispose(): void {
    for (const name of STOP_SIGNALS) process.off(name, this.#onStop);
    this.reporter = undefined;
  }

  readonly #onAsked = (): void => {
    this.reporter?.printStanding();
  };

  readonly #onStop = (name: StopSignal): void => {
    if (isIgnored(name)) return;
    const nowMs = performance.now();
    if (name === 'SIGHUP') process.once('exit', this.#endByHangup);
    if (this.#received === undefined) {
      this.#received = name;
      this.#receivedMs = nowMs;
      this.reporter?.printLine(`${name}: running jobs end, then the build stops; once more stops it at once`);
      this.#controller.abort(name);
    } else if (name !== this.#received || nowMs - this.#receivedMs > SIGNAL_ECHO_MS) {
      this.reporter?.stop();
      process.exit(toExitStatus(name));
    }
  };

  /** Node 20 aborts, with a core dump, when it ends after its terminal did: end by the signal that this is. */
  readonly #endByHangup = (): void => {
    if (this.#terminals.every((fd) => isatty(fd))) return;
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
  };
}
