import type { PlanFacts } from '../build/options.js';
import { formatBound, formatBytes, formatCount, quoteArgument } from '../format.js';
import { writeJson, writeResult } from './output.js';

interface Preview {
  readonly plan: PlanFacts;
  /** Bytes free where the output folder is or would be; `undefined` if the system does not tell. */
  readonly freeBytes: bigint | undefined;
  readonly defaultChunk: boolean;
  readonly out: string;
  readonly cpus: number;
}

/** Prints what a build would do. */
export function printPlan(preview: Preview, isJson: boolean): void {
  if (isJson) writeJson('plan', toDocument(preview));
  else writeResult(toLines(preview).join('\n'));
}

function toDocument({ plan, freeBytes, defaultChunk, out, cpus }: Preview): object {
  const fits = freeBytes === undefined ? null : plan.bytes === undefined || plan.bytes <= freeBytes;
  return { ...plan, defaultChunk, out, cpus, freeBytes: freeBytes ?? null, fits };
}

function toLines(preview: Preview): string[] {
  const { plan, cpus } = preview;
  const chunk = `${formatCount(plan.chunk)} numbers each${preview.defaultChunk ? ', the default' : ''}`;
  const rows: [string, string][] = [
    ['range', `${formatBound(plan.range.start)}..${formatBound(plan.range.end)}`],
    ...describeShard(plan),
    ['numbers', formatCount(plan.numbers)],
    ['signatures', `${countOr(plan.signatures)} (${plan.signature.name} ${plan.signature.version})`],
    ['files', `${countOr(plan.files)} (layout ${plan.layout})`],
    ['bytes', plan.bytes === undefined ? UNKNOWN : describeBytes(plan.bytes)],
    ['jobs', `${formatCount(plan.jobs)} (${chunk})`],
    ['cpus', String(cpus)],
    ['free disk', describeSpace(preview)],
  ];
  return rows.map(([name, value]) => `${name.padEnd(12)}${value}`);
}

/** Without a closed form, only building tells. */
const UNKNOWN = 'known once it is built';

function countOr(count: bigint | undefined): string {
  return count === undefined ? UNKNOWN : formatCount(count);
}

function describeShard({ shard }: PlanFacts): [string, string][] {
  if (shard === undefined) return [];
  const whole = `${formatBound(shard.whole.start)}..${formatBound(shard.whole.end)}`;
  return [['shard', `${formatCount(shard.index)} of ${formatCount(shard.count)} of ${whole}`]];
}

function describeBytes(sizeBytes: bigint): string {
  const exact = formatCount(sizeBytes);
  const short = formatBytes(sizeBytes);
  // What is rounded already needs no short form; what is small is exact in it.
  return short === `${exact} B` ? short : `${exact} (${short})`;
}

function describeSpace({ plan, freeBytes, out }: Preview): string {
  const place = quoteArgument(out);
  if (freeBytes === undefined) return `unknown at ${place}`;
  const free = `${formatBytes(freeBytes)} at ${place}`;
  if (plan.bytes === undefined) return free;
  return plan.bytes <= freeBytes
    ? `${free}: it fits`
    : `${free}: it lacks ${formatBytes(plan.bytes - freeBytes)}`;
}
