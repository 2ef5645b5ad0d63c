import { countMachines, countThreads } from './machines.js';
import type { Model } from './model.js';
import { Simulation } from './simulation.js';

/** How long the jobs would take if there were nothing but one thing, and which of them is the longest. */
export interface Bounds {
  readonly cpu: number;
  readonly network: number;
  readonly disk: number;
  readonly queue: number;
}

/** What a build costs and what limits it; times in seconds. */
export interface Outcome {
  readonly machines: number;
  readonly threads: number;
  readonly jobs: number;
  readonly bytes: number;
  readonly bounds: Bounds;
  readonly jobsSeconds: number;
  readonly mergeSeconds: number;
  readonly totalSeconds: number;
  /** What takes the longest: of the jobs, or the merge where that takes longer than the jobs. */
  readonly limit: keyof Bounds | 'merge';
  /** The longest bound of the jobs alone. */
  readonly jobsLimit: keyof Bounds;
  /** The time of the jobs beyond their longest bound, as a share of it: tail, failures, waiting. */
  readonly idleShare: number;
  readonly failures: number;
  readonly lostJobs: number;
  readonly lostShare: number;
  readonly attemptsMax: number;
  /** Machine hours: all machines for the jobs, one for the merge. */
  readonly machineHours: number;
}

/** Simulates a build. Throws where it can't end. */
export function simulateBuild(model: Model): Outcome {
  const run = new Simulation(model).run();
  const bytes = model.numbers * model.bytesPerNumber;
  const bounds = findBounds(model, bytes);
  const longest = findLongest(bounds);
  const mergeSeconds = model.isMerged ? bytes / findMergeRate(model) : 0;
  const machines = countMachines(model.machines);
  return {
    machines,
    threads: countThreads(model.machines),
    jobs: model.jobs,
    bytes,
    bounds,
    jobsSeconds: run.seconds,
    mergeSeconds,
    totalSeconds: run.seconds + mergeSeconds,
    limit: mergeSeconds > run.seconds ? 'merge' : longest,
    jobsLimit: longest,
    idleShare: run.seconds / bounds[longest] - 1,
    failures: run.failures,
    lostJobs: run.lostJobs,
    lostShare: run.lostThreadSeconds / run.threadSeconds,
    attemptsMax: run.attemptsMax,
    machineHours: (machines * run.seconds + mergeSeconds) / 3600,
  };
}

/** One process reads every byte from the shared folder and writes it there again. */
function findMergeRate({ diskRate, networkRate, mergeRate }: Model): number {
  return Math.min(mergeRate, networkRate, diskRate / 2);
}

function findBounds(model: Model, bytes: number): Bounds {
  const speed = model.machines.reduce((sum, kind) => sum + kind.count * kind.cpus * kind.speed, 0);
  return {
    cpu: model.numbers / (speed * model.cpuRate),
    network: bytes / (countMachines(model.machines) * model.networkRate),
    disk: bytes / model.diskRate,
    queue: model.jobs / model.queueRate,
  };
}

function findLongest(bounds: Bounds): keyof Bounds {
  const names = Object.keys(bounds) as (keyof Bounds)[];
  return names.reduce((longest, name) => (bounds[name] > bounds[longest] ? name : longest));
}
