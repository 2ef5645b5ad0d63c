import { parsePositive, UnitError } from './units.js';

/** Machines that are alike. */
export interface MachineClass {
  readonly count: number;
  /** Threads that work on jobs, one job each. */
  readonly cpus: number;
  /** How fast a thread is, compared with `--cpu-rate`. */
  readonly speed: number;
}

const MAX_THREADS = 1_000_000;

/** Machines from text such as `64,20,20`, `1000*16` (as many alike) or `4@0.5` (threads of half the speed). */
export function parseMachines(text: string): MachineClass[] {
  const classes = new Map<string, MachineClass>();
  for (const item of text.split(',')) {
    const [, count = '1', cpus = '', speed = '1'] = /^(?:(\d+)\*)?(\d+)(?:@([\d.]+))?$/.exec(item) ?? [];
    const parsed = [count, cpus, speed].map((part) => parsePositive(part, `--machines ${item}:`));
    const key = `${cpus}@${speed}`;
    const before = classes.get(key)?.count ?? 0;
    classes.set(key, { count: before + parsed[0]!, cpus: parsed[1]!, speed: parsed[2]! });
  }
  const list = [...classes.values()];
  const threads = countThreads(list);
  if (threads > MAX_THREADS) throw new UnitError(`--machines: ${threads} threads, at most ${MAX_THREADS}`);
  return list;
}

/** The threads of all machines. */
export function countThreads(classes: readonly MachineClass[]): number {
  return classes.reduce((sum, { count, cpus }) => sum + count * cpus, 0);
}

/** All machines. */
export function countMachines(classes: readonly MachineClass[]): number {
  return classes.reduce((sum, { count }) => sum + count, 0);
}
