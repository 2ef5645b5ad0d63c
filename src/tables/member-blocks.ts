import { close, read } from 'node:fs';
import { promisify } from 'node:util';
import { tableUnreadable } from '../errors.js';
import { STREAM_BLOCK_BYTES } from '../limits.js';
import type { DigitRun } from './digit-runs.js';
import type { PieceReader } from './piece-reader.js';
import type { TableFiles } from './table-files.js';

const readSome = promisify(read);
const closeFile = promisify(close);

const COMMA = 0x2c;
const CLOSING = 0x5d; // ]
const LINE_FEED = 0x0a;
const ZERO = 0x30;

/** Members of a bucket as text: numbers of `width` digits, each followed by a line feed. */
export interface MemberBlock {
  readonly text: Buffer;
  readonly width: number;
}

/**
 * The members of a piece from `from` to before `end`, block by block. Each block is checked whole: digits between
 * separators, ascending, of the bucket's key. Throws TABLES naming the first fault's byte, behind the blocks before it.
 */
export async function* readBlocks(
  files: TableFiles,
  reader: PieceReader,
  from: number,
  end: number,
): AsyncGenerator<MemberBlock, void, undefined> {
  const { file } = reader.piece;
  const fd = files.open(file);
  try {
    for (const run of reader.runs) {
      const perBlock = Math.max(1, Math.floor(STREAM_BLOCK_BYTES / (run.width + 1)));
      let at = Math.max(from, run.first);
      const runEnd = Math.min(end, run.first + run.count);
      let previous: Buffer | undefined;
      for (; at < runEnd; at += perBlock) {
        const count = Math.min(perBlock, runEnd - at);
        const offset = run.offset + (at - run.first) * (run.width + 1);
        const text = await readFully(files.pathOf(file), fd, offset, count * (run.width + 1), reader);
        checkBlock(reader, run, text, offset, at + count === reader.count);
        if (previous && Buffer.compare(previous, text.subarray(0, run.width)) >= 0) {
          throw reader.damagedAt(offset, 'a number that does not belong there');
        }
        // The consumer may change the text that it is given.
        previous = Buffer.from(text.subarray(-run.width - 1, -1));
        yield { text, width: run.width };
      }
    }
  } finally {
    await closeFile(fd);
  }
}

async function readFully(
  path: string,
  fd: number,
  offset: number,
  length: number,
  reader: PieceReader,
): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await readSome(fd, buffer, done, length - done, offset + done).catch(
      (error: NodeJS.ErrnoException) => {
        throw tableUnreadable(path, error);
      },
    );
    if (bytesRead === 0) throw reader.damagedAt(offset + done, 'the file ends here');
    done += bytesRead;
  }
  return buffer;
}

/** Turns separators into line feeds on the way: what is checked is what is handed over. */
function checkBlock(
  reader: PieceReader,
  { width }: DigitRun,
  text: Buffer,
  offset: number,
  endsPiece: boolean,
): void {
  const step = width + 1;
  for (let at = 0; at < text.length; at += step) {
    const isLast = endsPiece && at + step === text.length;
    if (text[at + width] !== (isLast ? CLOSING : COMMA)) throw reader.damagedAt(offset + at + width);
    for (let i = at; i < at + width; i++) {
      const digit = text[i]! - ZERO;
      if (digit < 0 || digit > 9) throw reader.damagedAt(offset + i);
    }
    if (
      (width > 1 && text[at] === ZERO) ||
      !reader.matches(text, at, width) ||
      (at > 0 && !ascends(text, at, step))
    ) {
      throw reader.damagedAt(offset + at, 'a number that does not belong there');
    }
    text[at + width] = LINE_FEED;
  }
}

/** Whether the number at `at` is above the one before it, of as many digits. */
function ascends(text: Uint8Array, at: number, step: number): boolean {
  for (let i = at; i < at + step - 1; i++) {
    const difference = text[i]! - text[i - step]!;
    if (difference !== 0) return difference > 0;
  }
  return false;
}
