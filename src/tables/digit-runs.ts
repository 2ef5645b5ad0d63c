import type { Range } from '../range/range.js';
import type { ClosedForm } from '../signatures/signature.js';

/** Members of one bucket that have equally many digits: they stand `width` + 1 bytes apart. */
export interface DigitRun {
  readonly width: number;
  /** Index of the first of them in the piece. */
  readonly first: number;
  readonly count: number;
  /** Where the first of them begins in its file, in bytes. */
  readonly offset: number;
}

/** The runs of the members in `range`, by the closed form; the array begins at `arrayOffset`. */
export function computeRuns(form: ClosedForm, key: string, range: Range, arrayOffset: number): DigitRun[] {
  const runs: DigitRun[] = [];
  let [first, offset] = [0, arrayOffset + 1];
  let rank = form.rank(key, range.start);
  for (let from = range.start; from < range.end;) {
    const width = from.toString().length;
    const wider = 10n ** BigInt(width);
    from = wider < range.end ? wider : range.end;
    const next = form.rank(key, from);
    const count = Number(next - rank);
    if (count > 0) runs.push({ width, first, count, offset });
    first += count;
    offset += count * (width + 1);
    rank = next;
  }
  return runs;
}

/**
 * The runs of an array whose text ends before `end`, by looking: `isMember(offset, width)` says whether exactly `width`
 * digits stand there. Behind the last member of a width all have more digits, so no gap of that width is left.
 * Returns nothing where the text is no ascending array of numbers.
 */
export function probeRuns(
  arrayOffset: number,
  end: number,
  firstWidth: number,
  lastWidth: number,
  isMember: (offset: number, width: number) => boolean,
): DigitRun[] | undefined {
  const runs: DigitRun[] = [];
  let [first, offset] = [0, arrayOffset + 1];
  for (let width = firstWidth; width <= lastWidth && offset < end; width++) {
    const step = width + 1;
    let [count, most] = [0, Math.floor((end - offset) / step)];
    while (count < most) {
      const middle = Math.floor((count + most) / 2);
      if (isMember(offset + middle * step, width)) count = middle + 1;
      else most = middle;
    }
    if (count > 0) runs.push({ width, first, count, offset });
    first += count;
    offset += count * step;
  }
  return offset === end ? runs : undefined;
}

/** How many members the runs have together. */
export function countMembers(runs: readonly DigitRun[]): number {
  const last = runs.at(-1);
  return last ? last.first + last.count : 0;
}

/** The run that holds the member at `index`, which is one of theirs. */
export function runAt(runs: readonly DigitRun[], index: number): DigitRun {
  let at = runs.length - 1;
  while (at > 0 && runs[at]!.first > index) at -= 1;
  return runs[at]!;
}
