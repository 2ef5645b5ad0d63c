/**
 * Numbers the keys of a partition in the order in which they come, by their UTF-8 bytes: no text is made of them, and all
 * of it is in a few arrays whose size is known beforehand; memory that stays unused is never touched.
 */
export class KeyTable {
  /** How many keys there are. */
  count = 0;
  /** The keys' bytes; key i is `arena[ends[i - 1]]` up to, not including, `arena[ends[i]]`. */
  readonly arena: Uint8Array;
  readonly ends: Float64Array;
  readonly #hashes: Uint32Array;
  /** By hash: the key's number plus 1, or 0. */
  readonly #slots: Int32Array;

  constructor(maxKeys: number, maxKeyBytes: number) {
    this.arena = new Uint8Array(maxKeyBytes);
    this.ends = new Float64Array(maxKeys);
    this.#hashes = new Uint32Array(maxKeys);
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * Math.max(1, maxKeys))));
  }

  startOf(id: number): number {
    return id > 0 ? this.ends[id - 1]! : 0;
  }

  /** The number of the key `bytes[start]` up to, not including, `bytes[end]`; a new one is `count` before the call. */
  findOrAdd(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const id = slots[slot]! - 1;
      if (id < 0) {
        slots[slot] = this.count + 1;
        return this.#add(bytes, start, end, hash);
      }
      if (this.#hashes[id] === hash && this.#isSame(id, bytes, start, end)) return id;
    }
  }

  #add(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const id = this.count++;
    let at = this.startOf(id);
    for (let k = start; k < end; k++) this.arena[at++] = bytes[k]!;
    this.ends[id] = at;
    this.#hashes[id] = hash;
    return id;
  }

  #isSame(id: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.startOf(id);
    const length = end - start;
    if (this.ends[id]! - from !== length) return false;
    const arena = this.arena;
    for (let k = 0; k < length; k++) if (arena[from + k] !== bytes[start + k]) return false;
    return true;
  }
}
