import { workerData } from 'node:worker_threads';
import { countDigits, layOut } from '../layouts/layout.js';
import type { VerifyOutcome, VerifyRecipe, VerifyTask } from '../pool/verify-messages.js';
import { findSignature } from '../signatures/registry.js';
import { describeFailure } from './failure.js';
import { SiblingChecker } from './sibling-check.js';
import { SpanChecker, type KnownTables } from './span-check.js';

const recipe = workerData as VerifyRecipe;
let summer: Checkers | undefined;
let parser: Checkers | undefined;

interface Checkers {
  readonly one: SpanChecker;
  readonly siblings: SiblingChecker;
}

/** What the pool of a check calls in a worker thread. Never throws: piscina would drop the error's code and errno. */
export default function runVerify({ spans, mode, areSiblings }: VerifyTask): VerifyOutcome {
  try {
    const { one, siblings } =
      mode === 'sum' ? (summer ??= openCheckers(undefined)) : (parser ??= openCheckers(layOutTables()));
    const reports = areSiblings ? siblings.check(spans, mode) : spans.map((span) => one.check(span, mode));
    return { ok: true, reports };
  } catch (error) {
    return { ok: false, failure: describeFailure(error) };
  }
}

function openCheckers(known: KnownTables | undefined): Checkers {
  const { folder, range } = recipe;
  const maxDigits = countDigits(range.end);
  const one = new SpanChecker(folder, maxDigits, known);
  return { one, siblings: new SiblingChecker(folder, range, maxDigits, known, one) };
}

function layOutTables(): KnownTables {
  const { range, layout, chunk, nameDigits } = recipe;
  const signature = recipe.signature && findSignature(recipe.signature.name, recipe.signature.version);
  if (!signature?.closedForm) throw new Error('no closed form of the signature');
  return { signature, layout: layOut(signature.closedForm, range, layout, chunk, nameDigits) };
}
