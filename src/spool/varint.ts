/** The most bytes that a varint takes: 53 bits, 7 in each. */
export const VARINT_BYTES = 8;

/** Writes a whole number below 2^53, 7 bits to a byte, the lowest first; returns the position behind it. */
export function writeVarint(bytes: Uint8Array, position: number, value: number): number {
  let at = position;
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes[at++] = (rest % 128) + 128;
  bytes[at] = rest;
  return at + 1;
}

const LARGEST_UNIT = 128 ** (VARINT_BYTES - 1);

/** Reads varints one after another. What no `writeVarint` wrote gives numbers without meaning, but ends. */
export class VarintReader {
  bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  next(): number {
    const first = this.bytes[this.at++]!;
    return first < 128 ? first : this.#nextLong(first - 128);
  }

  #nextLong(low: number): number {
    let value = low;
    for (let unit = 128; unit <= LARGEST_UNIT; unit *= 128) {
      const byte = this.bytes[this.at++]!;
      if (byte < 128) return value + byte * unit;
      value += (byte - 128) * unit;
    }
    return value;
  }
}
