// FNV-1a over a key's UTF-8 bytes, its bits then mixed: the high ones choose the partition, the low ones a slot.

export const HASH_SEED = 0x811c9dc5 | 0;

/** The hash with one more byte. */
export function hashStep(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193);
}

/** Mixes the bits of a hash, as MurmurHash3 does; 0 to 2^32 − 1. */
export function finishHash(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** The partition, of `partitions`, of the key with this hash. */
export function partitionOf(hash: number, partitions: number): number {
  return Math.floor((hash * partitions) / 2 ** 32);
}
