import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { SiblingText } from '../checks/sibling-text.js';
import { FileWindow } from '../checks/file-window.js';
import { familyOf, orderByChange } from '../checks/siblings.js';
import { CHECK_BLOCK_BYTES } from '../limits.js';
import type { CheckMode, Span, SpanReport } from '../pool/verify-messages.js';
import type { Range } from '../range/range.js';
import { shiftCrc } from '../tables/crc32.js';
import { marginOf, READ_FLAGS, SpanChecker, type KnownTables } from './span-check.js';

const FILE_ENDING = '.json';

/** A file that is compared, and what came of it so far. */
interface Sibling {
  readonly span: Span;
  readonly key: string;
  /** Absent where the file cannot be opened, or has another size. */
  readonly fd: number | undefined;
  /** Whether it holds what it should. */
  isEqual: boolean;
  crc: number;
}

/**
 * Checks the same part of files that list the same prefixes, one per signature: the first as any other, and the others
 * by comparing their bytes with what the first one's make them out to be. What is not equal is checked as any other, too.
 */
export class SiblingChecker {
  readonly #folder: string;
  readonly #range: Range;
  readonly #window: FileWindow;
  /** Leaves a piece of its file in `#window`. */
  readonly #modelChecker: SpanChecker;
  readonly #checker: SpanChecker;
  readonly #block: Uint8Array;
  readonly #pieceBytes: number;

  constructor(
    folder: string,
    range: Range,
    maxDigits: number,
    known: KnownTables | undefined,
    checker: SpanChecker,
    pieceBytes = CHECK_BLOCK_BYTES,
  ) {
    this.#folder = folder;
    this.#range = range;
    this.#pieceBytes = pieceBytes;
    const blockBytes = pieceBytes + 2 * marginOf(maxDigits);
    this.#window = new FileWindow(blockBytes);
    this.#block = new Uint8Array(blockBytes);
    this.#modelChecker = new SpanChecker(folder, maxDigits, known, this.#window);
    this.#checker = checker;
  }

  /** Throws what the system throws, unless it is a file's own fault. */
  check(spans: readonly Span[], mode: CheckMode): SpanReport[] {
    const siblings: Sibling[] = [];
    try {
      for (const span of spans) siblings.push(this.#open(span));
      this.#compare(siblings, mode);
    } finally {
      for (const { fd } of siblings) if (fd !== undefined) closeSync(fd);
    }
    return siblings.map(({ span, isEqual, crc }) =>
      isEqual ? { file: span.file, crc: crc >>> 0 } : this.#checker.check(span, mode),
    );
  }

  #open(span: Span): Sibling {
    const fd = openWhole(join(this.#folder, span.name), span.fileBytes);
    return { span, key: keyOf(span), fd, isEqual: fd !== undefined, crc: 0 };
  }

  /** Piece by piece, all files of each: the text that they are compared with then stays in the cache of its CPU. */
  #compare([model, ...others]: readonly Sibling[], mode: CheckMode): void {
    if (!model) return;
    others.sort((a, b) => orderByChange(a.key, b.key));
    const { from, to } = model.span;
    for (let start = from; model.isEqual && (start < to || start === from); start += this.#pieceBytes) {
      const end = Math.min(to, start + this.#pieceBytes);
      const piece = { ...model.span, from: start, to: end };
      const { crc, fault, problem } = this.#modelChecker.check(piece, mode);
      model.isEqual = fault === undefined && !problem;
      model.crc ^= shiftCrc(crc, to - end);
      const text = model.isEqual ? this.#readText(piece, model.key) : undefined;
      for (const sibling of others) {
        sibling.isEqual &&= text !== undefined && this.#isEqual(sibling, text, mode);
        if (sibling.isEqual) sibling.crc ^= shiftCrc(text!.crc, to - end);
      }
    }
    // Where the model is not what it should be, the rest of the others was compared with nothing.
    for (const sibling of others) sibling.isEqual &&= model.isEqual;
  }

  #readText(piece: Span, key: string): SiblingText | undefined {
    const family = familyOf(key);
    return family && SiblingText.of(this.#window, { ...piece, key }, family.difference);
  }

  /** Whether the file is what the text says; not where it cannot be read, whatever the reason. */
  #isEqual({ key, fd }: Sibling, text: SiblingText, mode: CheckMode): boolean {
    text.change(key);
    if (mode !== 'sum' && !text.isWithin(this.#range)) return false;
    try {
      return fd !== undefined && this.#holds(fd, text);
    } catch {
      return false;
    }
  }

  #holds(fd: number, { bytes, base, start, end }: SiblingText): boolean {
    const expected = Buffer.from(bytes.buffer);
    for (let at = start; at < end;) {
      const read = readSync(fd, this.#block, 0, Math.min(this.#block.length, end - at), at);
      if (read === 0 || expected.compare(this.#block, 0, read, at - base, at - base + read) !== 0)
        return false;
      at += read;
    }
    return true;
  }
}

/** The file, open, if it has this size. */
function openWhole(path: string, bytes: number): number | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, READ_FLAGS);
    const stats = fstatSync(fd);
    if (stats.isFile() && stats.size === bytes) return fd;
  } catch {
    // It is looked at once more, by itself.
  }
  if (fd !== undefined) closeSync(fd);
  return undefined;
}

function keyOf({ name }: Span): string {
  return name.slice(0, -FILE_ENDING.length);
}
