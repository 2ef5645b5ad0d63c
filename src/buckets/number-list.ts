import { crc32, multiplyModP, repeatCrc, shiftCrc } from '../tables/crc32.js';
import { fillStrided } from '../tables/fill-strided.js';
import { FRAGMENT_MARGIN_BYTES } from '../limits.js';
import { FOUR_DIGITS } from '../range/four-digits.js';
import type { FragmentText } from './fragment.js';

const BLOCK = 10_000;
const ZERO = 48;
const COMMA = 44;

/** What one byte adds to a CRC-32 that is linear: no initial and no final complement. */
const LINEAR_CRC = Uint32Array.from(
  { length: 16 },
  (_, value) => (crc32(Uint8Array.of(value)) ^ crc32(Uint8Array.of(0))) >>> 0,
);

/** A run of numbers of one width within the list. */
interface Run {
  readonly start: number;
  readonly count: number;
  /** Bytes from one number to the next. */
  readonly stride: number;
}

/**
 * A comma-separated list of numbers that share their two last digits, or one of them, formatted once: `setTens` and
 * `setUnits` turn it into the list of another pair of digits by changing one byte per number. Its CRC-32 follows by
 * arithmetic, since the CRC of a change does not depend on what is changed.
 */
export class NumberList {
  #buffer = new Uint8Array(0);
  #runs: Run[] = [];
  #end = FRAGMENT_MARGIN_BYTES;
  #crc = 0;
  /** The CRC that a change of the lowest bit of every units digit makes. */
  #unitsCrc = 0;
  #tens = 0;
  #units = 0;

  /**
   * Formats the numbers 100·(base + offset) + 10·tens + units, where `codes[i]` is 4·offset + kind and
   * `tensOfKind[kind]` the tens digit. `codes` is ascending; base + offset is at least 1.
   */
  format(base: bigint, codes: Int32Array, count: number, tensOfKind: readonly number[], units: number): void {
    const lastOffset = count > 0 ? codes[count - 1]! >> 2 : 0;
    const width = (base + BigInt(lastOffset)).toString().length + 3;
    this.#reserve(count * width);
    this.#runs = [];
    const tens = Uint8Array.from(tensOfKind, (digit) => ZERO + digit);
    const low = Number(base % BigInt(BLOCK));
    const firstBlock = base / BigInt(BLOCK);
    let at = FRAGMENT_MARGIN_BYTES;
    for (let i = 0; i < count;) {
      const block = Math.floor((codes[i]! / 4 + low) / BLOCK);
      const head = firstBlock + BigInt(block);
      // All codes below this one have the same digits in front of their last four.
      const limit = (BLOCK * (block + 1) - low) * 4;
      const blockLow = low - BLOCK * block;
      const from = i;
      if (head === 0n) {
        i = this.#formatSmall(codes, i, count, limit, blockLow, tens, units, at);
      } else {
        i = this.#formatBlock(String(head), codes, i, count, limit, blockLow, tens, units, at);
      }
      at = this.#end;
      if (i === from) throw new Error('a list of numbers did not advance');
    }
    this.#tens = tensOfKind[0] ?? 0;
    this.#units = units;
    this.#measureCrc();
  }

  /** The list as it stands, without the comma behind its last number. Empty where no numbers were given. */
  get text(): FragmentText {
    const end = this.#runs.length > 0 ? this.#end - 1 : FRAGMENT_MARGIN_BYTES;
    return { buffer: this.#buffer, start: FRAGMENT_MARGIN_BYTES, end, crc: this.#crc };
  }

  /** Makes `digit` the units digit of every number. */
  setUnits(digit: number): void {
    this.#patch(2, ZERO + digit);
    this.#crc = (this.#crc ^ multiplyModP(LINEAR_CRC[this.#units ^ digit]!, this.#unitsCrc)) >>> 0;
    this.#units = digit;
  }

  /** Makes `digit` the tens digit of every number; they must all have had the same one. */
  setTens(digit: number): void {
    this.#patch(3, ZERO + digit);
    const change = multiplyModP(LINEAR_CRC[this.#tens ^ digit]!, this.#unitsCrc);
    this.#crc = (this.#crc ^ shiftCrc(change, 1)) >>> 0;
    this.#tens = digit;
  }

  #reserve(bytes: number): void {
    const needed = bytes + 2 * FRAGMENT_MARGIN_BYTES;
    if (this.#buffer.length < needed) this.#buffer = new Uint8Array(needed);
    this.#end = FRAGMENT_MARGIN_BYTES;
  }

  #addRun(start: number, count: number, stride: number): void {
    const last = this.#runs.at(-1);
    if (last?.stride === stride) {
      this.#runs[this.#runs.length - 1] = { ...last, count: last.count + count };
    } else {
      this.#runs.push({ start, count, stride });
    }
    this.#end = start + count * stride;
  }

  /** Formats the codes below `limit`, whose prefixes are `head` and four digits; returns the index behind them. */
  #formatBlock(
    head: string,
    codes: Int32Array,
    from: number,
    count: number,
    limit: number,
    blockLow: number,
    tens: Uint8Array,
    units: number,
    start: number,
  ): number {
    const buffer = this.#buffer;
    const headLength = head.length;
    const stride = headLength + 7;
    let at = start;
    let i = from;
    for (; i < count; i++) {
      const code = codes[i]!;
      if (code >= limit) break;
      for (let k = 0; k < headLength; k++) buffer[at + k] = head.charCodeAt(k);
      const digits = ((code >> 2) + blockLow) * 4;
      const p = at + headLength;
      buffer[p] = FOUR_DIGITS[digits]!;
      buffer[p + 1] = FOUR_DIGITS[digits + 1]!;
      buffer[p + 2] = FOUR_DIGITS[digits + 2]!;
      buffer[p + 3] = FOUR_DIGITS[digits + 3]!;
      buffer[p + 4] = tens[code & 3]!;
      buffer[p + 5] = ZERO + units;
      buffer[p + 6] = COMMA;
      at += stride;
    }
    this.#addRun(start, i - from, stride);
    return i;
  }

  /** The same for prefixes below 10,000, which have one to four digits. */
  #formatSmall(
    codes: Int32Array,
    from: number,
    count: number,
    limit: number,
    blockLow: number,
    tens: Uint8Array,
    units: number,
    start: number,
  ): number {
    let at = start;
    let i = from;
    for (; i < count && codes[i]! < limit; i++) {
      const code = codes[i]!;
      const text = String((code >> 2) + blockLow);
      for (let k = 0; k < text.length; k++) this.#buffer[at + k] = text.charCodeAt(k);
      const p = at + text.length;
      this.#buffer[p] = tens[code & 3]!;
      this.#buffer[p + 1] = ZERO + units;
      this.#buffer[p + 2] = COMMA;
      this.#addRun(at, 1, text.length + 3);
      at += text.length + 3;
    }
    return i;
  }

  /** Writes `byte` `fromNext` bytes before the begin of each next number: 2 is the units digit, 3 the tens. */
  #patch(fromNext: number, byte: number): void {
    for (const { start, count, stride } of this.#runs)
      fillStrided(this.#buffer, start + stride - fromNext, count, stride, byte);
  }

  #measureCrc(): void {
    const { buffer, start, end } = this.text;
    this.#crc = crc32(buffer.subarray(start, end));
    this.#unitsCrc = 0;
    for (const run of this.#runs) {
      // Behind the last units digit of the run: its comma and the runs that follow, less the list's last comma.
      const behind = this.#end - (run.start + run.count * run.stride);
      this.#unitsCrc ^= shiftCrc(repeatCrc(run.stride, run.count), behind);
    }
    this.#unitsCrc >>>= 0;
  }
}
