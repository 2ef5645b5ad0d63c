import { distance } from 'fastest-levenshtein';

/**
 * Finds the closest of many names by Levenshtein distance.
 *
 * A distance costs 130 ns, which is too long for each pair of a record and a name. But a single edit removes at most one
 * letter and adds at most one. So the letters that one name has and the other lacks are a lower bound for their distance,
 * and with one bit per letter a bound costs 5 ns. Only names whose bound is not above the best distance are measured.
 */
export class ClosestName {
  readonly #names: readonly string[];
  readonly #known: ReadonlySet<string>;
  readonly #letters: Letters;
  /** For the name that is being looked for: lower bounds of its distances to all names. */
  readonly #bounds: Int32Array;

  constructor(names: readonly string[]) {
    if (names.length === 0) throw new Error('the list of names is empty');
    this.#names = names;
    this.#known = new Set(names);
    this.#letters = new Letters(names);
    this.#bounds = new Int32Array(names.length);
  }

  /** The closest name; where several are equally close, the one that comes first in the list. */
  find(text: string): string {
    if (this.#known.has(text)) return text;
    let place = this.#letters.measureBounds(text, this.#bounds);
    let least = distance(text, this.#names[place]!);
    for (let at = 0; at < this.#bounds.length; at++) {
      if (this.#bounds[at]! > least) continue;
      const measured = distance(text, this.#names[at]!);
      if (measured < least || (measured === least && at < place)) [least, place] = [measured, at];
    }
    return this.#names[place]!;
  }
}

/** Which letters each name has at least once, and at least twice: a bit for each of 32 classes of letters. */
class Letters {
  readonly #once: Int32Array;
  readonly #twice: Int32Array;
  /** How many bits are set in both. */
  readonly #counts: Int32Array;
  readonly #lengths: Int32Array;

  constructor(names: readonly string[]) {
    this.#once = Int32Array.from(names, (name) => findLetters(name).once);
    this.#twice = Int32Array.from(names, (name) => findLetters(name).twice);
    this.#counts = Int32Array.from(names, (name) => findLetters(name).count);
    this.#lengths = Int32Array.from(names, (name) => name.length);
  }

  /** Writes a lower bound for the distance from `text` to each name, and returns the place of the least one. */
  measureBounds(text: string, bounds: Int32Array): number {
    const { once, twice, count } = findLetters(text);
    let place = 0;
    for (let at = 0; at < bounds.length; at++) {
      const common = countBits(this.#once[at]! & once) + countBits(this.#twice[at]! & twice);
      const lacking = Math.max(this.#counts[at]!, count) - common;
      bounds[at] = Math.max(lacking, Math.abs(this.#lengths[at]! - text.length));
      if (bounds[at]! < bounds[place]!) place = at;
    }
    return place;
  }
}

function findLetters(text: string): { once: number; twice: number; count: number } {
  let [once, twice] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const bit = 1 << (text.charCodeAt(at) & 31);
    twice |= once & bit;
    once |= bit;
  }
  return { once, twice, count: countBits(once) + countBits(twice) };
}

/** Sums of 2, 4 and 8 bits side by side, then the sum of the four bytes. */
function countBits(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
