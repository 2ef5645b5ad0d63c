import { FOUR_DIGITS } from '../range/four-digits.js';

const BLOCK = 10_000;
const COMMA = 44;
/** Every number is a block or more behind it. */
const NO_BLOCK = -BLOCK;

/** The four digits of number n below 10,000 from place 4 · n on. */
const BLOCK_DIGITS = new DataView(FOUR_DIGITS.buffer);

/** Bytes behind the end of a text that may be overwritten. */
export const TEXT_SLACK_BYTES = 8;

/** Writes numbers of a slice in decimal: all digits but the last four come from a table of the slice. */
export class NumberText {
  /** The most bytes that a number of the slice takes with its comma. */
  width = 0;
  /** What is to be added to an offset so that 10,000 divides the numbers that are 0. */
  #low = 0;
  #wordsPerHead = 1;
  /** The digits before the last four, by block of 10,000 numbers, padded to whole words. */
  #words = new Uint32Array(0);
  /** How many they are; 0 where the block's numbers have no more than four. */
  #lengths = new Uint16Array(0);

  /** Makes ready for the `count` numbers from `start` on. */
  begin(start: bigint, count: number): void {
    const first = start / BigInt(BLOCK);
    this.#low = Number(start % BigInt(BLOCK));
    this.width = (start + BigInt(count)).toString().length + 1;
    const blocks = Math.floor((this.#low + count) / BLOCK) + 1;
    this.#wordsPerHead = Math.ceil(Math.max(1, this.width - 5) / 4);
    this.#words = new Uint32Array(blocks * this.#wordsPerHead);
    this.#lengths = new Uint16Array(blocks);
    const bytes = Buffer.from(this.#words.buffer);
    for (let block = 0; block < blocks; block++) {
      const head = first + BigInt(block);
      if (head === 0n) continue;
      this.#lengths[block] = bytes.write(String(head), 4 * this.#wordsPerHead * block, 'latin1');
    }
  }

  /**
   * Writes the numbers at `offsets[from]` to before `offsets[to]` from the slice's start, each with a comma; returns the
   * position behind. `TEXT_SLACK_BYTES` behind the end are overwritten.
   */
  write(offsets: Int32Array, from: number, to: number, view: DataView, position: number): number {
    const low = this.#low;
    const words = this.#words;
    const perHead = this.#wordsPerHead;
    let at = position;
    // Most numbers are in the block of the one before: what is known of that is kept.
    let start = NO_BLOCK;
    let length = 0;
    let word = 0;
    let head = 0;
    for (let i = from; i < to; i++) {
      const x = offsets[i]! + low;
      if (x - start >= BLOCK) {
        const block = (x / BLOCK) | 0;
        start = block * BLOCK;
        length = this.#lengths[block]!;
        word = block * perHead;
        head = words[word]!;
      }
      if (length === 0) {
        at = writeSmall(x, view, at);
        continue;
      }
      view.setUint32(at, head, true);
      for (let j = 1; 4 * j < length; j++) view.setUint32(at + 4 * j, words[word + j]!, true);
      at += length;
      view.setUint32(at, BLOCK_DIGITS.getUint32(4 * (x - start)));
      view.setUint8(at + 4, COMMA);
      at += 5;
    }
    return at;
  }
}

/** A number below 10,000. */
function writeSmall(n: number, view: DataView, position: number): number {
  let at = position;
  const text = String(n);
  for (let k = 0; k < text.length; k++) view.setUint8(at++, text.charCodeAt(k));
  view.setUint8(at, COMMA);
  return at + 1;
}
