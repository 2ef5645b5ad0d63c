import type { BuildEvent, MachineStanding } from '../../build/options.js';
import { formatCount } from '../../format.js';
import { LIVE_LISTED, LIVE_MESSAGES } from '../../limits.js';
import { ProgressMeter } from '../../progress/meter.js';
import { History } from './history.js';
import { JobGrid } from './job-grid.js';
import type { LiveCells, LivePhase, LiveSnapshot } from './snapshot.js';

type StartedEvent = Extract<BuildEvent, { type: 'started' }>;

/** Turns the events of a build into what a live page shows. */
export class LiveState {
  readonly #now: () => number;
  readonly #meter: ProgressMeter;
  readonly #history = new History();
  #started: StartedEvent | undefined;
  #grid = new JobGrid(0, 0, 0);
  #workers = 0;
  #machines: readonly MachineStanding[] = [];
  #messages: string[] = [];
  #phase: LivePhase = 'preparing';
  #last: LiveSnapshot | undefined;

  /** `now` gives milliseconds of a clock that only goes forward. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#meter = new ProgressMeter(now);
  }

  onEvent(event: BuildEvent): void {
    this.#meter.onEvent(event);
    if (event.type === 'started') this.#start(event);
    else if (event.type === 'job-started') this.#grid.start(event.job, event.worker, this.#now());
    else if (event.type === 'jobs-elsewhere') this.#grid.setElsewhere(event.jobs);
    else if (event.type === 'job-failed') this.#grid.fail(event.job, this.#now());
    else if (event.type === 'job-done') this.#grid.finish(event.job, this.#now());
    else if (event.type === 'machines') this.#machines = event.machines;
    else if (event.type === 'notice')
      this.#messages = [...this.#messages, event.message].slice(-LIVE_MESSAGES);
    else if (event.type === 'placing') this.#phase = event.done < event.steps ? 'placing' : 'finishing';
    else if (event.type === 'committing') this.#phase = 'finishing';
  }

  /** The clock has gone on: takes note of the rates. */
  tick(): void {
    const standing = this.#meter.read();
    if (this.#phase !== 'running' || standing?.numbersPerS === undefined) return;
    this.#history.add(standing.elapsedMs, standing.numbersPerS, standing.bytesPerS ?? 0);
  }

  /** The build is over: what is read from now on stands still. */
  end(phase: 'done' | 'stopped' | 'failed', ending?: string): void {
    if (this.#last) return;
    this.tick();
    this.#grid.stop(this.#now());
    this.#phase = phase;
    this.#last = { ...this.read(), ...(ending !== undefined && { ending }) };
  }

  read(): LiveSnapshot {
    if (this.#last) return this.#last;
    const standing = this.#meter.read();
    const { numbersPerS, bytesPerS, leftMs } = standing ?? {};
    return {
      ...describe(this.#started),
      phase: this.#phase,
      jobs: this.#grid.count(),
      fraction: standing?.fraction ?? 0,
      numbersDone: String(standing?.numbersDone ?? 0),
      bytesDone: String(standing?.bytesDone ?? 0),
      ...(numbersPerS !== undefined && { numbersPerS }),
      ...(bytesPerS !== undefined && { bytesPerS }),
      elapsedMs: Math.round(standing?.elapsedMs ?? 0),
      ...(leftMs !== undefined && { leftMs }),
      ...(standing?.placing && { placing: { done: standing.placing.done, steps: standing.placing.steps } }),
      cells: this.#readCells(),
      history: this.#history.read(),
      workers: this.#grid.readWorkers(this.#now()),
      moreWorkers: Math.max(0, this.#workers - LIVE_LISTED),
      machines: this.#machines.slice(0, LIVE_LISTED),
      moreMachines: Math.max(0, this.#machines.length - LIVE_LISTED),
      messages: this.#messages,
    };
  }

  #start(event: StartedEvent): void {
    this.#started = event;
    this.#phase = 'running';
    // A queue's jobs run on machines, not on workers of this process.
    this.#workers = event.work === undefined && event.queue === undefined ? event.cpus : 0;
    this.#grid = new JobGrid(Number(event.plan.jobs), this.#workers, this.#now());
    for (const job of event.listDone?.() ?? []) this.#grid.markDone(job);
  }

  /** Jobs of a check are no parts of the range. */
  #readCells(): LiveCells {
    const cells = this.#grid.readCells();
    if (!this.#started || this.#started.work !== undefined) return cells;
    const { range, chunk } = this.#started.plan;
    return { ...cells, bounds: { start: `${range.start}`, end: `${range.end}`, chunk: `${chunk}` } };
  }
}

function describe(started: StartedEvent | undefined): { heading: string; details: string } {
  if (!started) return { heading: 'Preparing', details: '' };
  const { plan, out, cpus, sources, queue, work } = started;
  const merging = sources === undefined ? 'Building' : `Merging ${formatCount(sources)} table sets:`;
  const heading = `${work === undefined ? merging : 'Checking'} ${formatCount(plan.numbers)} numbers`;
  const where = work === undefined ? 'into' : 'in';
  const threads = queue === undefined ? `${cpus} ${cpus === 1 ? 'CPU' : 'CPUs'}` : `the queue ${queue}`;
  return {
    heading,
    details: `${where} ${out}, layout ${plan.layout}, on ${threads}`,
  };
}
