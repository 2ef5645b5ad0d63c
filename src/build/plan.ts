import { createHash } from 'node:crypto';
import { buildTooManyDigits } from '../errors.js';
import { chooseChunk } from '../layouts/default-chunk.js';
import type { LayoutName } from '../layouts/layout-name.js';
import { measureTables } from '../layouts/measure.js';
import { MAX_BUILD_DIGITS } from '../limits.js';
import { splitIntoJobs } from '../range/jobs.js';
import { sizeOf } from '../range/range.js';
import type { ClosedForm, Signature } from '../signatures/signature.js';
import type { BuildOptions, PlanFacts } from './options.js';

/** A signature that places its fragments directly. */
export type PlacedSignature = Signature & { readonly closedForm: ClosedForm };

/** The facts of what a build of these options makes, without making anything. Throws USAGE for numbers too long. */
export function planBuild(
  { closedForm, name, version }: PlacedSignature,
  { range, layout, chunk = chooseChunk(range, layout) }: Pick<BuildOptions, 'range' | 'layout' | 'chunk'>,
): PlanFacts {
  const digits = range.end.toString().length;
  if (digits > MAX_BUILD_DIGITS) throw buildTooManyDigits(digits, MAX_BUILD_DIGITS);
  const jobs = splitIntoJobs(range, chunk);
  const { signatures, files, bytes } = measureTables(closedForm, range, layout, jobs);
  return {
    signature: { name, version },
    range,
    layout,
    chunk,
    numbers: sizeOf(range),
    signatures,
    jobs: jobs.count,
    files,
    bytes,
  };
}

/** What two builds must share for one to go on with the other's jobs. */
export interface PlanIdentity {
  readonly signature: string;
  readonly signatureVersion: string;
  readonly start: string;
  readonly end: string;
  readonly layout: LayoutName;
  readonly chunk: string;
}

export function identifyPlan({ signature, range, layout, chunk }: PlanFacts): PlanIdentity {
  return {
    signature: signature.name,
    signatureVersion: signature.version,
    start: range.start.toString(),
    end: range.end.toString(),
    layout,
    chunk: chunk.toString(),
  };
}

/** SHA-256 of the identity, in hex. */
export function hashPlan(identity: PlanIdentity): string {
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex');
}
