import type { MachineClass } from './machines.js';

/** What is simulated; rates are per second, times in seconds, bytes and numbers as such. */
export interface Model {
  /** How many numbers the range has. */
  readonly numbers: number;
  /** What they take as text, on the average. */
  readonly bytesPerNumber: number;
  readonly machines: readonly MachineClass[];
  /** Numbers a second that a thread of speed 1 makes and formats. */
  readonly cpuRate: number;
  /** Bytes a second between a machine and the shared folder, each way. */
  readonly networkRate: number;
  /** Bytes a second that the shared folder takes or gives, all machines together. */
  readonly diskRate: number;
  /** Bytes a second that the one process that merges can handle, however fast disk and network are. */
  readonly mergeRate: number;
  /** Whether the jobs' table sets are merged in the end. */
  readonly isMerged: boolean;
  readonly jobs: number;
  /** Jobs a second that the queue's server hands out. */
  readonly queueRate: number;
  /** From a job's being handed out to its first number, and from its last one to its end. */
  readonly jobOverheadSeconds: number;
  /** How much jobs of equal size differ: 0.1 is up to 10 % more or less work. */
  readonly spread: number;
  /** The mean time between failures of one machine; infinite for none. */
  readonly failureSeconds: number;
  /** From a failure to the machine's return; infinite where it never comes back. */
  readonly repairSeconds: number;
  /** From a failure to when the queue hands its jobs out again: between these. */
  readonly expirySeconds: readonly [number, number];
  readonly seed: number;
}

/** The bytes of the numbers of [10, end) as text with a comma each, on the average. */
export function averageBytes(end: number): number {
  let bytes = 0;
  for (let low = 10, digits = 2; low < end; low *= 10, digits++)
    bytes += (Math.min(low * 10, end) - low) * (digits + 1);
  return bytes / (end - 10);
}

/** How many jobs a build takes by default: ten for each thread, none above 1e10 numbers, no more than a build may have. */
export function chooseJobs(numbers: number, threads: number): number {
  return Math.min(10_000_000, Math.max(10 * threads, Math.ceil(numbers / 1e10)));
}
