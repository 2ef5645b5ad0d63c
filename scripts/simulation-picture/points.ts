import { readFlags } from '../simulate/flags.js';
import { simulateBuild, type Outcome } from '../simulate/outcome.js';

/** One simulated build of the picture. */
export interface Point {
  readonly signature: string;
  readonly range: string;
  readonly machines: number;
  readonly hours: number;
  readonly mergedHours: number;
  readonly limit: Outcome['jobsLimit'];
}

const RANGES = ['1e12', '1e13', '1e14', '1e15'];
/** Numbers of machines, each of 16 CPUs. */
export const MACHINES = [7, 30, 100, 300, 1000, 3000, 10_000];
const SIGNATURES = { 'built-in signature': '3e8', 'plug-in, 1 µs a number': '1e6' };

/** What all of the picture's builds have in common; docs/simulation.md says so too. */
const COMMON = ['--network', '10Gbit/s', '--disk', '20GB/s', '--mtbf', '30d'];

/** Simulates every build of the picture, a minute or two. */
export function simulatePoints(): Point[] {
  return Object.entries(SIGNATURES).flatMap(([signature, cpuRate]) =>
    MACHINES.flatMap((machines) => {
      const flags = ['--cpu-rate', cpuRate, '--machines', `${machines}*16`, '--range', RANGES.join(',')];
      return readFlags([...COMMON, ...flags]).cases.map(({ range, model }) => {
        const { jobsSeconds, totalSeconds, jobsLimit: limit } = simulateBuild(model);
        const [hours, mergedHours] = [jobsSeconds / 3600, totalSeconds / 3600];
        return { signature, range, machines, hours, mergedHours, limit };
      });
    }),
  );
}
