/** What phase 2 knows of a bucket. Offsets are from the origin. */
export interface RunEntry {
  /** The key's UTF-8 text is `keys[keyStart]` up to, not including, `keys[keyEnd]`. */
  readonly keys: Uint8Array;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** Bytes of its numbers with a comma between each two, or of its value; in the layout `job`, of all files together. */
  readonly textBytes: number;
  /** In how many slices it has numbers. */
  readonly pieces: number;
  /** The finished value as JSON text, where there is one. */
  readonly value: Uint8Array | undefined;
  /** What finished values were rounded by, where fractions went into any: `RemainderRecord`s one behind the other. */
  readonly remainders: Uint8Array | undefined;
}

/** A run file: what tells it from any other. */
export interface RunReceipt {
  readonly path: string;
  readonly bytes: number;
  /** The CRC-32 of the headers of its blocks. */
  readonly crc: number;
  /** How many buckets it has, ascending by first number. */
  readonly entries: number;
}

/** The bytes of a block, and their CRC-32 seeded with the block's index: 4 bytes each, before them. */
export const BLOCK_HEADER_BYTES = 8;

/** Numbers of an entry. */
export const RUN_ENTRY_NUMBERS = 8;
