import { fileEndsEarly, textUnexpected } from '../errors.js';
import type { Placement, Region } from '../layouts/regions.js';
import type { Signature } from '../signatures/signature.js';
import { ArrayCheck, type Problem } from './array-check.js';
import type { FileWindow } from './file-window.js';

/**
 * The first problem of the bytes `[from, to)` of a file, which `window` is open on: what does not stand as `placement`
 * places it. A number belongs to the part that its first digit lies in, a label likewise. Throws what the system throws.
 */
export function findProblem(
  window: FileWindow,
  signature: Signature,
  isReduced: boolean,
  { range, regions }: Pick<Placement, 'range' | 'regions'>,
  { from, to }: { readonly from: number; readonly to: number },
): Problem | undefined {
  for (const region of regions) {
    const label = `${region.label}[`;
    const first = region.arrayOffset + 1;
    const close = region.arrayOffset + region.arrayBytes - 1;
    const start = first - label.length;
    if (start >= to) break;
    const tail = region.endsFile ? ']}' : ']';
    if (close + tail.length <= from) continue;
    const problem =
      (start >= from ? findTextProblem(window, start, label) : undefined) ??
      new ArrayCheck(
        window,
        signature,
        { key: region.key, range, first, close, from: Math.max(from, first), to },
        isReduced,
      ).findProblem() ??
      findTailProblem(window, region, close, to);
    if (problem) return problem;
  }
  return undefined;
}

/** The brace behind the last number, by whom that number belongs to. */
function findTailProblem(window: FileWindow, region: Region, close: number, to: number): Problem | undefined {
  const isOurs = close <= to && region.endsFile;
  return isOurs ? findTextProblem(window, close + 1, '}') : undefined;
}

function findTextProblem(window: FileWindow, at: number, text: string): Problem | undefined {
  const needed = at + text.length;
  while (window.end < needed && window.slide(Math.min(Math.max(window.base, at - 1), window.end)));
  const expected = Buffer.from(text);
  const found = window.bytes.subarray(at - window.base, Math.min(needed - window.base, window.filled));
  for (let i = 0; i < expected.length; i++) {
    if (i >= found.length) return { offset: at + i, what: fileEndsEarly() };
    if (found[i] === expected[i]) continue;
    const [wanted, got] = [expected, found].map((bytes) => String.fromCharCode(bytes[i]!));
    return { offset: at + i, what: textUnexpected(wanted!, got!) };
  }
  return undefined;
}
