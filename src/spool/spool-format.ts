import { crc32 } from '../tables/crc32.js';

// A job's spool file: a header, the slices, a directory of them, a footer. A slice: the cells of all partitions, their
// entries, and a row per partition that says where both are. The CRC of the footer covers header and directory, each row has
// its own, and those of a partition's cells and entries. All numbers are little-endian.

const MAGIC = Buffer.from('sigspl02');

export const HEADER_BYTES = 32;
/** A slice in the directory: the offset of its first number from the origin, and the position of its rows. */
export const DIRECTORY_ENTRY_BYTES = 16;
export const FOOTER_BYTES = 20;
export const ROW_BYTES = 40;
const ROW_CRC_AT = 36;

interface SpoolHeader {
  readonly job: number;
  readonly partitions: number;
  /** Whether the cells are in the file; else it only tells their sizes. */
  readonly hasCells: boolean;
}

interface SpoolFooter {
  readonly directoryAt: number;
  readonly slices: number;
  readonly crc: number;
}

/** A partition's share of a slice. */
export interface SpoolRow {
  readonly cellsAt: number;
  readonly cellBytes: number;
  readonly cellsCrc: number;
  readonly entriesAt: number;
  readonly entryBytes: number;
  readonly entriesCrc: number;
  readonly entries: number;
}

export function encodeHeader({ job, partitions, hasCells }: SpoolHeader): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(bytes);
  bytes.writeDoubleLE(job, 8);
  bytes.writeDoubleLE(partitions, 16);
  bytes.writeDoubleLE(hasCells ? 1 : 0, 24);
  return bytes;
}

/** The footer, whose CRC is that of `header`, `directory` and its own first bytes. */
export function encodeFooter(header: Buffer, directory: Buffer, directoryAt: number): Buffer {
  const bytes = Buffer.alloc(FOOTER_BYTES);
  bytes.writeDoubleLE(directoryAt, 0);
  bytes.writeDoubleLE(directory.length / DIRECTORY_ENTRY_BYTES, 8);
  bytes.writeUInt32LE(crcOfParts([header, directory, bytes.subarray(0, 16)]), 16);
  return bytes;
}

export function decodeFooter(bytes: Buffer): SpoolFooter {
  return { directoryAt: bytes.readDoubleLE(0), slices: bytes.readDoubleLE(8), crc: bytes.readUInt32LE(16) };
}

/** Writes the row of `partition` of the `slice`-th slice. */
export function encodeRow(
  row: SpoolRow,
  slice: number,
  partition: number,
  bytes: Buffer,
  position: number,
): void {
  bytes.writeDoubleLE(row.cellsAt, position);
  bytes.writeDoubleLE(row.entriesAt, position + 8);
  bytes.writeUInt32LE(row.cellBytes, position + 16);
  bytes.writeUInt32LE(row.entryBytes, position + 20);
  bytes.writeUInt32LE(row.entries, position + 24);
  bytes.writeUInt32LE(row.cellsCrc, position + 28);
  bytes.writeUInt32LE(row.entriesCrc, position + 32);
  const crc = crc32(bytes.subarray(position, position + ROW_CRC_AT), rowSeed(slice, partition));
  bytes.writeUInt32LE(crc, position + ROW_CRC_AT);
}

/** The row in `bytes`; undefined where it is not the row that was written for this slice and partition. */
export function decodeRow(bytes: Buffer, slice: number, partition: number): SpoolRow | undefined {
  const crc = crc32(bytes.subarray(0, ROW_CRC_AT), rowSeed(slice, partition));
  if (crc !== bytes.readUInt32LE(ROW_CRC_AT)) return undefined;
  return {
    cellsAt: bytes.readDoubleLE(0),
    entriesAt: bytes.readDoubleLE(8),
    cellBytes: bytes.readUInt32LE(16),
    entryBytes: bytes.readUInt32LE(20),
    entries: bytes.readUInt32LE(24),
    cellsCrc: bytes.readUInt32LE(28),
    entriesCrc: bytes.readUInt32LE(32),
  };
}

/** The CRC-32 of `parts` one behind the other. */
export function crcOfParts(parts: readonly Uint8Array[]): number {
  return parts.reduce((crc, part) => crc32(part, crc), 0);
}

/** Makes the CRC of a row depend on where it stands. */
function rowSeed(slice: number, partition: number): number {
  return (Math.imul(slice, 0x9e3779b1) ^ partition) >>> 0;
}
