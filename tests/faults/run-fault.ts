import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { NoMoreTrials, NotTested, type Fault, type FaultContext } from './fault.js';
import { SUITE } from './harness/suite.js';
import { Random } from './random.js';

/** How often a long run says how far it is. */
const REPORT_MS = 30_000;

/** How a fault is tried. */
export interface TrialOptions {
  readonly seed: string;
  readonly isLong: boolean;
  readonly trials: number;
  /** This one alone. */
  readonly onlyTrial: number | undefined;
  /** How long a trial goes on that has no end of its own. */
  readonly minutes: number | undefined;
  /** How many may be under way at a time. */
  readonly atOnce: number;
}

/** What came of all trials of a fault. */
export interface FaultResult {
  readonly fault: Fault;
  readonly passed: number;
  readonly failures: readonly string[];
  /** By what was missing: how many trials were not made. */
  readonly notTested: ReadonlyMap<string, number>;
  /** What the trials noted, and how often. */
  readonly notes: ReadonlyMap<string, number>;
  readonly elapsedMs: number;
  /** All of it in a line. */
  readonly line: string;
}

/** Makes the trials of a fault; prints failures as they come. Does not throw what a trial throws. */
export async function runFault(fault: Fault, options: TrialOptions): Promise<FaultResult> {
  const startMs = performance.now();
  const tally = {
    passed: 0,
    failures: [] as string[],
    notTested: new Map<string, number>(),
    notes: new Map<string, number>(),
  };
  const { onlyTrial, trials } = options;
  const last = onlyTrial ?? trials - 1;
  let next = onlyTrial ?? 0;
  const runLane = async (): Promise<void> => {
    while (next <= last) {
      const trial = next++;
      try {
        await runTrial(fault, trial, options, (what) => count(tally.notes, what));
        tally.passed += 1;
      } catch (error) {
        if (error instanceof NotTested) count(tally.notTested, error.message);
        else if (error instanceof NoMoreTrials) next = Infinity;
        else {
          const failure = describeFailure(fault, trial, options, error as Error);
          tally.failures.push(failure);
          process.stdout.write(failure);
        }
      }
    }
  };
  const lanes = fault.isTimed === true ? 1 : options.atOnce;
  const report = (): void =>
    void process.stderr.write(`${fault.name}: ${Math.min(next, trials)} of ${trials} trials begun\n`);
  const reporting = setInterval(report, REPORT_MS);
  await Promise.all(Array.from({ length: lanes }, runLane));
  clearInterval(reporting);
  const elapsedMs = performance.now() - startMs;
  return {
    fault,
    ...tally,
    elapsedMs,
    line: `${fault.name}: ${summarize({ ...tally })} (${(elapsedMs / 1000).toFixed(0)} s)`,
  };
}

/** `298 passed, 2 FAILED; killed 290, too late 10`. */
export function summarize({
  passed,
  failures,
  notTested,
  notes,
}: Omit<FaultResult, 'line' | 'fault' | 'elapsedMs'>): string {
  const parts = [`${passed} passed`];
  if (failures.length > 0) parts.push(`${failures.length} FAILED`);
  for (const [what, times] of notTested) parts.push(`${times} not tested: ${what}`);
  const noted = [...notes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([what, times]) => `${what} ${times}`);
  return parts.join(', ') + (noted.length > 0 ? `; ${noted.join(', ')}` : '');
}

async function runTrial(
  fault: Fault,
  trial: number,
  { seed, isLong, minutes }: TrialOptions,
  note: (what: string) => void,
): Promise<void> {
  const folder = await mkdtemp(join(SUITE.folder, `${fault.name}-`));
  const tidyings: (() => Promise<unknown>)[] = [];
  const atEnd = (tidy: () => Promise<unknown>): void => void tidyings.push(tidy);
  const context: FaultContext = { trial, isLong, minutes, folder, note, atEnd };
  try {
    await fault.run(context, new Random(`${seed}/${fault.name}/${trial}`));
  } finally {
    for (const tidy of tidyings.reverse()) await tidy().catch(() => note('not tidied'));
    await rm(folder, { recursive: true, force: true }).catch(() => note('not removed'));
  }
}

function describeFailure(fault: Fault, trial: number, { seed, isLong }: TrialOptions, error: Error): string {
  const again = `npm run test:faults -- ${isLong ? '--long ' : ''}--only ${fault.name} --seed ${seed} --trial ${trial}`;
  // What a property failed by is the cause of the error that names the case.
  const cause = error.cause instanceof Error ? `\n${error.cause.stack ?? error.cause.message}` : '';
  const text = `${error.stack ?? error.message}${cause}`.replaceAll(/^/gm, '    ');
  return `${fault.name}, trial ${trial} FAILED; again with: ${again}\n${text}\n`;
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}
