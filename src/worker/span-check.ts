import { closeSync, fstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { READ_PLAIN } from '../files/plain-file.js';
import { findProblem } from '../checks/table-check.js';
import { FileWindow } from '../checks/file-window.js';
import {
  fileIsLink,
  fileIsMissing,
  fileIsNoFile,
  fileOfOtherSize,
  fileUnreadable,
  surplusBytes,
} from '../errors.js';
import type { Layout } from '../layouts/layout.js';
import type { Placement } from '../layouts/regions.js';
import type { CheckMode, Span, SpanReport } from '../pool/verify-messages.js';
import { reducedSignature } from '../signatures/reduced/signature.js';
import type { Signature } from '../signatures/signature.js';

/** What a file of the table set itself brings about; everything else is a failure of the check. */
const FAULTS: Readonly<Record<string, () => string>> = {
  ENOENT: fileIsMissing,
  ENOTDIR: fileIsMissing,
  ELOOP: fileIsLink,
  EMLINK: fileIsLink,
  ENXIO: fileIsNoFile,
  EISDIR: fileIsNoFile,
  EIO: fileUnreadable,
};

/** What is known of the tables: where what is to stand. */
export interface KnownTables {
  readonly signature: Signature;
  readonly layout: Layout;
}

/** What `check` reports of `file`, or what the file itself brings about. Throws what else the system throws. */
export function reportFault(file: number, check: () => SpanReport): SpanReport {
  try {
    return check();
  } catch (error) {
    const describe = FAULTS[(error as NodeJS.ErrnoException).code ?? ''];
    if (!describe) throw error;
    return { file, crc: 0, fault: describe(), isUnreadable: true };
  }
}

/** Bytes that are read around a part, for the numbers that its bounds cut and those next to them. */
export function marginOf(maxDigits: number): number {
  return 2 * (maxDigits + 4);
}

/** Checks parts of table files, one after the other. */
export class SpanChecker {
  readonly #folder: string;
  readonly #window: FileWindow;
  /** Absent where the signature is not known: only checksums can be taken then. */
  readonly #known: KnownTables | undefined;
  readonly #maxDigits: number;
  #placement: { readonly file: number; readonly placement: Placement } | undefined;

  constructor(folder: string, maxDigits: number, known: KnownTables | undefined, window = new FileWindow()) {
    this.#window = window;
    this.#folder = folder;
    this.#maxDigits = maxDigits;
    this.#known = known;
  }

  /** The parts of one file come one after the other. */
  #placementFor(layout: Layout, file: number): Placement {
    if (this.#placement?.file !== file) this.#placement = { file, placement: layout.placementFor(file) };
    return this.#placement.placement;
  }

  /** Throws what the system throws, unless it is the file's own fault. */
  check(span: Span, mode: CheckMode): SpanReport {
    return reportFault(span.file, () => {
      const fd = openSync(join(this.#folder, span.name), READ_PLAIN);
      try {
        return this.#checkOpen(fd, span, mode);
      } finally {
        closeSync(fd);
      }
    });
  }

  #checkOpen(fd: number, span: Span, mode: CheckMode): SpanReport {
    const { file, fileBytes, from, to } = span;
    const stats = fstatSync(fd);
    if (!stats.isFile()) return { file, crc: 0, fault: fileIsNoFile(), isUnreadable: true };
    const fault = stats.size === fileBytes ? undefined : fileOfOtherSize(stats.size, fileBytes);
    if (fault !== undefined && mode !== 'locate') return { file, crc: 0, fault };
    const margin = marginOf(this.#maxDigits);
    this.#window.open(fd, {
      readFrom: Math.max(0, from - margin),
      readTo: Math.min(stats.size, to + margin),
      from,
      to,
    });
    const problem = mode === 'sum' ? undefined : this.#findProblem(span);
    if (problem) return { file, crc: 0, fault, problem };
    if (mode !== 'locate') this.#window.drain();
    return { file, crc: this.#window.crc, fault };
  }

  #findProblem(span: Span): SpanReport['problem'] {
    const { file, from, to } = span;
    if (!this.#known) return undefined;
    const { signature, layout } = this.#known;
    const placement = this.#placementFor(layout, file);
    const { range, regions, fileBytes, firstFile } = placement;
    const own = layout.ownsFiles ? regions : regionsOf(layout, file);
    const isReduced = signature === reducedSignature;
    const problem = findProblem(this.#window, signature, isReduced, { range, regions: own }, { from, to });
    const bytes = fileBytes[file - firstFile] ?? 0;
    if (problem ?? bytes === span.fileBytes) return problem;
    return { offset: Math.min(bytes, span.fileBytes), what: surplusBytes() };
  }
}

/** The regions of one file, in a layout whose placement is that of all files. */
function regionsOf(layout: Layout, file: number): Placement['regions'] {
  const { regions } = layout.placementFor(0);
  // In the layout `signature` each file has one region, at its own number.
  return layout.fileCount === regions.length ? regions.slice(file, file + 1) : regions;
}
