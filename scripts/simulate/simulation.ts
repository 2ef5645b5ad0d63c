import { Heap } from './heap.js';
import { countMachines } from './machines.js';
import type { Model } from './model.js';
import { Random } from './random.js';
import { WorkingThreads, type RunningJob } from './working-threads.js';

/** So many lost jobs mean that the build never ends: each job is lost ten times over. */
const LOST_JOBS_MAX = 10_000;
const LOST_SHARE_MAX = 10;

/** What happened until the last job was done. */
export interface Run {
  readonly seconds: number;
  readonly failures: number;
  /** Jobs that had to be started again. */
  readonly lostJobs: number;
  /** Thread seconds of work that died with its machine, and all that were worked. */
  readonly lostThreadSeconds: number;
  readonly threadSeconds: number;
  /** How often the unluckiest job was started. */
  readonly attemptsMax: number;
}

type Event =
  | { readonly type: 'start'; readonly machine: number; readonly job: number; readonly life: number }
  | { readonly type: 'failure'; readonly machine: number }
  | { readonly type: 'return'; readonly machine: number }
  | { readonly type: 'again'; readonly job: number };

interface Machine {
  readonly kind: number;
  /** How often it has failed: what was planned in an earlier life is void. */
  life: number;
  isUp: boolean;
  idle: number;
  readonly running: Map<number, RunningJob>;
}

/** A build on many machines, event by event: threads pull jobs, write through shared rates, and die with their machines. */
export class Simulation {
  private readonly model: Model;
  private now = 0;
  private readonly random: Random;
  private readonly threads: WorkingThreads;
  private readonly events = new Heap<Event>();
  private readonly machines: Machine[];
  private readonly idle: number[] = [];
  private readonly jobOf = new Map<RunningJob, number>();
  private readonly again: number[] = [];
  private readonly attempts = new Map<number, number>();
  private fresh = 0;
  private done = 0;
  private serverFreeAt = 0;
  private failures = 0;
  private lostJobs = 0;
  private lostThreadSeconds = 0;
  private threadSeconds = 0;

  constructor(model: Model) {
    this.model = model;
    this.random = new Random(model.seed);
    this.threads = new WorkingThreads(model);
    this.machines = model.machines.flatMap(({ count, cpus }, kind) =>
      Array.from({ length: count }, () => ({ kind, life: 0, isUp: true, idle: cpus, running: new Map() })),
    );
  }

  /** Runs to the last job; throws where no machine is left that could do it. */
  run(): Run {
    for (let machine = 0; machine < countMachines(this.model.machines); machine++) this.join(machine);
    this.handOut();
    while (this.done < this.model.jobs) this.step();
    const { failures, lostJobs, lostThreadSeconds, threadSeconds } = this;
    let attemptsMax = 1;
    for (const lost of this.attempts.values()) attemptsMax = Math.max(attemptsMax, lost + 1);
    return { seconds: this.now, failures, lostJobs, lostThreadSeconds, threadSeconds, attemptsMax };
  }

  private step(): void {
    const next = this.threads.findNext();
    const eventAt = this.events.firstKey ?? Infinity;
    if (next !== undefined && this.now + next.seconds <= eventAt) {
      this.pass(next.seconds);
      this.finish(this.threads.finish(next.kind));
    } else if (eventAt === Infinity) {
      throw new Error('every machine has failed for good before the last job was done');
    } else {
      this.pass(eventAt - this.now);
      this.happen(this.events.pop()!);
    }
  }

  private pass(seconds: number): void {
    this.threads.advance(seconds);
    this.now += seconds;
  }

  private happen(event: Event): void {
    if (event.type === 'start') this.start(event.machine, event.job, event.life);
    else if (event.type === 'failure') this.fail(event.machine);
    else if (event.type === 'return') this.join(event.machine);
    else this.again.push(event.job);
    this.handOut();
  }

  private join(machine: number): void {
    const state = this.machines[machine]!;
    state.isUp = true;
    state.idle = this.model.machines[state.kind]!.cpus;
    this.idle.push(machine);
    if (this.model.failureSeconds < Infinity)
      this.plan(this.random.exponential(this.model.failureSeconds), { type: 'failure', machine });
  }

  /** Gives a job to every thread that waits for one. The machines take turns, so that none is filled before the others. */
  private handOut(): void {
    while (this.idle.length > 0 && (this.again.length > 0 || this.fresh < this.model.jobs)) {
      const machine = this.idle.shift()!;
      const state = this.machines[machine]!;
      if (!state.isUp || state.idle === 0) continue;
      this.giveJob(machine, state);
      if (state.idle > 0) this.idle.push(machine);
    }
  }

  private giveJob(machine: number, state: Machine): void {
    state.idle--;
    const job = this.again.shift() ?? this.fresh++;
    this.serverFreeAt = Math.max(this.now, this.serverFreeAt) + 1 / this.model.queueRate;
    const waitSeconds = this.serverFreeAt - this.now + this.model.jobOverheadSeconds;
    this.plan(waitSeconds, { type: 'start', machine, job, life: state.life });
  }

  private start(machine: number, job: number, life: number): void {
    const state = this.machines[machine]!;
    if (state.life !== life) return this.expire(job); // it failed before it had begun
    const { numbers, jobs, bytesPerNumber, spread } = this.model;
    const bytes = (numbers / jobs) * bytesPerNumber * this.random.between(1 - spread, 1 + spread);
    const running = { machine, kind: state.kind, bytes, startedAt: this.now, isLost: false };
    state.running.set(job, running);
    this.jobOf.set(running, job);
    this.threads.start(running);
  }

  private finish(running: RunningJob): void {
    const state = this.machines[running.machine]!;
    state.running.delete(this.jobOf.get(running)!);
    this.jobOf.delete(running);
    this.threadSeconds += this.now - running.startedAt;
    this.done++;
    if (state.idle++ === 0) this.idle.push(running.machine);
    this.handOut();
  }

  private fail(machine: number): void {
    const state = this.machines[machine]!;
    state.isUp = false;
    state.life++;
    this.failures++;
    if (this.lostJobs > LOST_JOBS_MAX + LOST_SHARE_MAX * this.model.jobs)
      throw new Error('machines fail before their jobs end: take more --jobs');
    for (const [job, running] of state.running) {
      this.threads.lose(running);
      this.jobOf.delete(running);
      this.threadSeconds += this.now - running.startedAt;
      this.lostThreadSeconds += this.now - running.startedAt;
      this.expire(job);
    }
    state.running.clear();
    if (this.model.repairSeconds < Infinity) this.plan(this.model.repairSeconds, { type: 'return', machine });
  }

  /** The queue notices that nobody renews the job's lock any more. */
  private expire(job: number): void {
    this.lostJobs++;
    this.attempts.set(job, (this.attempts.get(job) ?? 0) + 1);
    this.plan(this.random.between(...this.model.expirySeconds), { type: 'again', job });
  }

  private plan(inSeconds: number, event: Event): void {
    this.events.push(this.now + inSeconds, event);
  }
}
