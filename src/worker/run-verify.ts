import { countDigits, layOut } from '../layouts/layout.js';
import type { CheckTask, TableStructure, VerifyOutcome, VerifyRecipe } from '../pool/verify-messages.js';
import { findSignature } from '../signatures/registry.js';
import { describeFailure } from './failure.js';
import { checkPlugIn } from './plug-in-watch.js';
import { SiblingChecker } from './sibling-check.js';
import { SpanChecker, type KnownTables } from './span-check.js';
import type { StructureChecker } from './structure-checker.js';

/** What is checked: the same for all tasks but those of a repair, which has files in another folder. */
let recipe: VerifyRecipe | undefined;
let summer: Checkers | undefined;
let parser: Checkers | undefined;
let structure: Promise<StructureChecker> | undefined;

interface Checkers {
  readonly one: SpanChecker;
  readonly siblings: SiblingChecker;
}

/** What the pool of a check calls in a worker thread. Never throws: piscina would drop the error's code and errno. */
export default async function runVerify({
  recipe: wanted,
  spans,
  mode,
  areSiblings,
}: CheckTask): Promise<VerifyOutcome> {
  try {
    if (recipe?.folder !== wanted.folder) {
      recipe = wanted;
      summer = undefined;
      parser = undefined;
      structure = undefined;
    }
    if (mode !== 'sum' && wanted.structure) {
      const checker = await (structure ??= openStructure(wanted, wanted.structure));
      const reports = spans.map((span) => checker.check(span, mode));
      await checkPlugIn();
      return { ok: true, reports };
    }
    const { one, siblings } =
      mode === 'sum'
        ? (summer ??= openCheckers(wanted, undefined))
        : (parser ??= openCheckers(wanted, layOutTables(wanted)));
    const reports = areSiblings ? siblings.check(spans, mode) : spans.map((span) => one.check(span, mode));
    return { ok: true, reports };
  } catch (error) {
    return { ok: false, failure: describeFailure(error) };
  }
}

/** Imported here: it takes a thread as long to load as the rest together, and most checks do not need it. */
async function openStructure(wanted: VerifyRecipe, known: TableStructure): Promise<StructureChecker> {
  const { StructureChecker } = await import('./structure-checker.js');
  return StructureChecker.open(wanted, known);
}

function openCheckers({ folder, range }: VerifyRecipe, known: KnownTables | undefined): Checkers {
  const maxDigits = countDigits(range.end);
  const one = new SpanChecker(folder, maxDigits, known);
  return { one, siblings: new SiblingChecker(folder, range, maxDigits, known, one) };
}

function layOutTables({ range, layout, chunk, nameDigits, signature: named }: VerifyRecipe): KnownTables {
  const signature = named && findSignature(named.name, named.version);
  if (!signature?.closedForm) throw new Error('no closed form of the signature');
  return { signature, layout: layOut(signature.closedForm, range, layout, chunk, nameDigits) };
}
