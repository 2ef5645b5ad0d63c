import type { WorkerEvent, WorkerResult } from '../distributed/worker-options.js';
import type { Flags } from './flags.js';
import { formatCount, formatDuration, formatRate } from '../format.js';
import { resolveJson, resolveProgress } from './options.js';
import { writeJson, writeNotice } from './output.js';
import { WORKER_EXIT_MS } from '../limits.js';
import { countCpus } from './progress/text.js';
import { toExitStatus } from './signals.js';
import { resolveWorker, type GivenSignature } from './worker-options.js';
import { WorkerSignals } from './worker-signals.js';

/** Runs a worker until a signal ends it, with lines on standard error. */
export async function runReportedWorker(flags: Flags, given: readonly GivenSignature[]): Promise<void> {
  const { isQuiet, mode, intervalMs } = resolveProgress(flags);
  const isJson = resolveJson(flags);
  const say = isQuiet ? (): void => {} : writeNotice;
  const options = await resolveWorker(flags, given);
  const signals = new WorkerSignals(say);
  const { runQueueWorker } = await import('../distributed/queue-worker.js');
  const progress = new WorkerLines(say, mode === 'none' ? undefined : intervalMs, options.cpus);
  try {
    const ended = await runQueueWorker({
      ...options,
      signal: signals.stop,
      cut: signals.cut,
      onEvent: (event) => progress.onEvent(event),
    });
    // The time of the whole command, its start included.
    const elapsedMs = performance.now();
    progress.stop();
    say(summarize(ended, elapsedMs));
    if (isJson) writeJson('worker', { ...ended, elapsedMs: Math.round(elapsedMs) });
    if (signals.received) process.exitCode = toExitStatus(signals.received);
  } finally {
    progress.stop();
    signals.dispose();
    exitUnlessEnded();
  }
}

/** Of a server that is away BullMQ keeps timers, which would keep this process up for ever; this one does not. */
function exitUnlessEnded(): void {
  const exit = (): void => void process.stdout.write('', () => process.exit());
  setTimeout(exit, WORKER_EXIT_MS).unref();
}

function summarize({ jobs, numbers, failures }: WorkerResult, elapsedMs: number): string {
  const failed = failures === 0 ? '' : `, ${formatCount(failures)} failed`;
  return `did ${formatCount(jobs)} jobs, ${formatCount(numbers)} numbers, in ${formatDuration(elapsedMs)}${failed}`;
}

/** What a worker says while it runs: how it begins, what goes wrong, and every so often how far it is. */
class WorkerLines {
  readonly #say: (text: string) => void;
  readonly #cpus: number;
  #done = { jobs: 0, numbers: 0n };
  #told = { jobs: 0, numbers: 0n };
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(say: (text: string) => void, intervalMs: number | undefined, cpus: number) {
    this.#say = say;
    this.#cpus = cpus;
    if (intervalMs !== undefined)
      this.#timer = setInterval(() => this.#tell(intervalMs / 1000), intervalMs).unref();
  }

  onEvent(event: WorkerEvent): void {
    if (event.type === 'notice') this.#say(event.message);
    else if (event.type === 'job-done') this.#done = { jobs: event.jobs, numbers: event.numbers };
    else
      this.#say(`${event.host} takes jobs of ${event.place} on ${countCpus(this.#cpus)}, in ${event.root}`);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tell(seconds: number): void {
    if (this.#done.jobs === this.#told.jobs) return;
    const rate = formatRate(Number(this.#done.numbers - this.#told.numbers) / seconds);
    this.#say(
      `${formatCount(this.#done.jobs)} jobs, ${formatCount(this.#done.numbers)} numbers, ${rate.replace('/s', ' numbers/s')}`,
    );
    this.#told = this.#done;
  }
}
