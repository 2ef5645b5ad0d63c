import { LIST } from '../aggregates/open-aggregate.js';
import type { BuildResult, PlanFacts } from '../build/options.js';
import { colorsFor } from './colors.js';
import {
  formatByteRate,
  formatBytes,
  formatCount,
  formatDuration,
  formatRate,
  quoteArgument,
} from '../format.js';
import { writeJson, writeNotice, writeResult } from './output.js';
import { countCpus } from './progress/text.js';
import type { PrintContext } from './reported-run.js';
import { toExitStatus } from './signals.js';

type BuildCommand = 'build' | 'merge';

interface PrintedOptions {
  readonly cpus: number;
  /** Of a build that other machines share. */
  readonly address?: { readonly place: string };
}

/** Prints how a build ended and sets the exit status of one that a signal stopped. */
export function printBuildResult(
  command: BuildCommand,
  result: BuildResult,
  context: PrintContext<PrintedOptions>,
): void {
  // The core may also be stopped by something that is no signal.
  const signal = context.signal ?? 'SIGTERM';
  if (result.outcome === 'interrupted') process.exitCode = toExitStatus(signal);
  if (context.isJson) writeJson(command, toDocument(result));
  if (result.outcome === 'interrupted') {
    writeNotice(describeInterruption(result, signal));
  } else if (!context.isJson && !context.isQuiet) {
    if (result.outcome === 'already-built') writeResult(describeExisting(result));
    else writeResult(summarize(command, result, context.options), colorsFor(process.stdout).bold);
  }
}

function toDocument(result: BuildResult): object {
  const { outcome, plan, ...rest } = result;
  const time = result.outcome === 'built' ? { elapsedMs: Math.round(result.elapsedMs) } : {};
  return { outcome, ...plan, ...rest, ...time };
}

function summarize(
  command: BuildCommand,
  result: Extract<BuildResult, { outcome: 'built' }>,
  { cpus, address }: PrintedOptions,
): string {
  const { plan, out, elapsedMs, numbersWritten, bytesWritten } = result;
  const seconds = Math.max(elapsedMs, 1) / 1000;
  const numberRate = formatRate(Number(numbersWritten) / seconds).replace('/s', ' numbers/s');
  const byteRate = formatByteRate(Number(bytesWritten) / seconds);
  const place = result.shards === undefined ? '' : ` of ${formatCount(result.shards)} shards`;
  const earlier = plan.numbers - numbersWritten;
  const resumed = earlier === 0n ? '' : `; ${formatCount(earlier)} numbers were there from an earlier run`;
  return [
    `${command === 'merge' ? 'Merged' : 'Built'} ${formatCount(plan.numbers)} numbers into ${countFiles(plan.files)}${place} in ${out}`,
    `  ${formatCount(plan.signatures)} signatures, ${formatBytes(plan.bytes)}, layout ${plan.layout}`,
    `  ${formatDuration(elapsedMs)} ${address ? `through ${address.place}` : `on ${countCpus(cpus)}`}: ${numberRate}, ${byteRate}${resumed}`,
    ...suggestNext(plan, out),
  ].join('\n');
}

function describeExisting(result: Extract<BuildResult, { outcome: 'already-built' }>): string {
  const { plan, out } = result;
  const what = `${formatCount(plan.numbers)} numbers in ${countFiles(plan.files)}, ${formatBytes(plan.bytes)}`;
  return [`Nothing to do: ${out} already holds this table set (${what})`, ...suggestNext(plan, out)].join(
    '\n',
  );
}

function describeInterruption(
  result: Extract<BuildResult, { outcome: 'interrupted' }>,
  signal: string,
): string {
  const { plan, out, jobsDone, numbersDone } = result;
  const done = `${formatCount(jobsDone)} of ${formatCount(plan.jobs)} jobs (${formatCount(numbersDone)} numbers)`;
  return `stopped by ${signal}: ${done} are done and kept in ${out}; the same command goes on from there`;
}

/** What to try next. */
function suggestNext({ range, signature, aggregate }: PlanFacts, out: string): string[] {
  const folder = quoteArgument(out);
  // A plug-in may have left the last number out, and an aggregate has no numbers any more.
  const hasLast = signature.fileHash === undefined && aggregate === LIST;
  const find = hasLast ? [`  sigtables find ${range.end - 1n} --tables ${folder}`] : [];
  return ['next:', ...find, `  sigtables verify ${folder}`];
}

function countFiles(files: bigint): string {
  return `${formatCount(files)} ${files === 1n ? 'file' : 'files'}`;
}
