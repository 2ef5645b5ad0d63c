import { workerData } from 'node:worker_threads';
import { countDigits, layOut } from '../layouts/layout.js';
import type { VerifyOutcome, VerifyRecipe, VerifyTask } from '../pool/verify-messages.js';
import { findSignature } from '../signatures/registry.js';
import { describeFailure } from './failure.js';
import { SpanChecker } from './span-check.js';

const recipe = workerData as VerifyRecipe;
let summer: SpanChecker | undefined;
let parser: SpanChecker | undefined;

/** What the pool of a check calls in a worker thread. Never throws: piscina would drop the error's code and errno. */
export default function runVerify({ spans, mode }: VerifyTask): VerifyOutcome {
  try {
    const checker = mode === 'sum' ? (summer ??= openSummer()) : (parser ??= openParser());
    return { ok: true, reports: spans.map((span) => checker.check(span, mode)) };
  } catch (error) {
    return { ok: false, failure: describeFailure(error) };
  }
}

function openSummer(): SpanChecker {
  return new SpanChecker(recipe.folder, 0, undefined);
}

function openParser(): SpanChecker {
  const { folder, range, layout, chunk, nameDigits } = recipe;
  const signature = findSignature(recipe.signature.name, recipe.signature.version);
  if (!signature?.closedForm) throw new Error(`no closed form of the signature ${recipe.signature.name}`);
  const laidOut = layOut(signature.closedForm, range, layout, chunk, nameDigits);
  return new SpanChecker(folder, countDigits(range.end), { signature, layout: laidOut });
}
