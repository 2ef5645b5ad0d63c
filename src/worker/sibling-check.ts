import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { READ_PLAIN } from '../files/plain-file.js';
import { SiblingText } from '../checks/sibling-text.js';
import { FileWindow } from '../checks/file-window.js';
import { familyOf, orderByChange } from '../checks/siblings.js';
import { CHECK_BLOCK_BYTES, CHECK_SIBLING_BYTES } from '../limits.js';
import type { CheckMode, Span, SpanReport } from '../pool/verify-messages.js';
import type { Range } from '../range/range.js';
import { marginOf, SpanChecker, type KnownTables } from './span-check.js';

const FILE_ENDING = '.json';

/**
 * Checks the same part of files that list the same prefixes, one per signature: the first as any other, and the others
 * by comparing their bytes with what the first one's make them out to be. What is not equal is checked as any other, too.
 */
export class SiblingChecker {
  readonly #folder: string;
  readonly #range: Range;
  readonly #window: FileWindow;
  /** Leaves its file's part in `#window`. */
  readonly #modelChecker: SpanChecker;
  readonly #checker: SpanChecker;
  readonly #block = new Uint8Array(CHECK_BLOCK_BYTES);

  constructor(
    folder: string,
    range: Range,
    maxDigits: number,
    known: KnownTables | undefined,
    checker: SpanChecker,
  ) {
    this.#folder = folder;
    this.#range = range;
    this.#window = new FileWindow(CHECK_SIBLING_BYTES + 2 * marginOf(maxDigits));
    this.#modelChecker = new SpanChecker(folder, maxDigits, known, this.#window);
    this.#checker = checker;
  }

  /** Throws what the system throws, unless it is a file's own fault. */
  check(spans: readonly Span[], mode: CheckMode): SpanReport[] {
    const [model, ...others] = spans;
    if (!model) return [];
    const report = this.#modelChecker.check(model, mode);
    const isRight = report.fault === undefined && !report.problem;
    const text = isRight ? this.#readText(model) : undefined;
    const inOrder = others.toSorted((a, b) => orderByChange(keyOf(a), keyOf(b)));
    const equal = new Map(inOrder.map((span) => [span, this.#compare(span, text, mode)]));
    return [report, ...others.map((span) => equal.get(span) ?? this.#checker.check(span, mode))];
  }

  #readText(span: Span): SiblingText | undefined {
    const key = keyOf(span);
    const family = familyOf(key);
    return family && SiblingText.of(this.#window, { ...span, key }, family.difference);
  }

  /** Nothing where the file is not what the text says, whatever the reason. */
  #compare(span: Span, text: SiblingText | undefined, mode: CheckMode): SpanReport | undefined {
    if (!text) return undefined;
    text.change(keyOf(span));
    if (mode !== 'sum' && !text.isWithin(this.#range)) return undefined;
    return this.#isEqual(span, text) ? { file: span.file, crc: text.crc } : undefined;
  }

  #isEqual({ name, fileBytes }: Span, text: SiblingText): boolean {
    let fd: number;
    try {
      fd = openSync(join(this.#folder, name), READ_PLAIN);
    } catch {
      return false;
    }
    try {
      const stats = fstatSync(fd);
      return stats.isFile() && stats.size === fileBytes && this.#holds(fd, text);
    } catch {
      return false;
    } finally {
      closeSync(fd);
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

function keyOf({ name }: Span): string {
  return name.slice(0, -FILE_ENDING.length);
}
