import { COPY_PIECE_BYTES } from '../limits.js';
import type { Layout } from '../layouts/layout.js';
import type { JobYield } from '../pool/messages.js';
import type { ClosedForm } from '../signatures/signature.js';
import { crc32 } from '../tables/crc32.js';
import { CopiedFragments } from './copied-fragments.js';
import { JobWriter } from './job-writer.js';
import type { SourceFiles } from './source-files.js';
import type { SourceTables } from './source-table.js';
import type { TableFiles } from './table-files.js';

/** Writes jobs whose numbers stand in other table sets. */
export class CopyWriter {
  readonly #layout: Layout;
  readonly #sources: readonly SourceTables[];
  readonly #sourceFiles: SourceFiles;
  readonly #files: TableFiles;
  readonly #fragments: CopiedFragments;
  readonly #writer: JobWriter;

  constructor(
    closedForm: ClosedForm,
    layout: Layout,
    files: TableFiles,
    sources: readonly SourceTables[],
    sourceFiles: SourceFiles,
  ) {
    this.#layout = layout;
    this.#sources = sources;
    this.#sourceFiles = sourceFiles;
    this.#files = files;
    this.#fragments = new CopiedFragments(closedForm, sources, sourceFiles);
    this.#writer = new JobWriter(closedForm, layout, files, this.#fragments);
  }

  /** Writes the job with this index. Throws SourceErrors, and what the system throws of files that are written. */
  write(job: number): JobYield {
    this.#fragments.takeShares(); // of a job that failed half-way
    const result = this.#copyFile(job) ?? this.#writer.write(job);
    return { ...result, sources: this.#fragments.takeShares() };
  }

  /** A file of jobs that a source has just so is copied as it is. */
  #copyFile(job: number): JobYield | undefined {
    const found = this.#layout.ownsFiles ? this.#findFile(job) : undefined;
    if (!found) return undefined;
    const { path, file } = found;
    const fileBytes = this.#sourceFiles.measure(path);
    const piece = new Uint8Array(Math.min(COPY_PIECE_BYTES, fileBytes));
    let crc = 0;
    for (let at = 0; at < fileBytes; at += piece.length) {
      const bytes = piece.subarray(0, fileBytes - at);
      this.#sourceFiles.read(path, fileBytes, bytes, at);
      crc = crc32(bytes, crc);
      this.#files.write(job, this.#layout.fileName(job), fileBytes, bytes, at);
    }
    this.#fragments.addShare(file, crc, fileBytes, 0);
    return { job, firstFile: job, crcs: Uint32Array.of(crc), bytes: fileBytes };
  }

  #findFile(job: number): { path: string; file: number } | undefined {
    const range = this.#layout.jobs.at(BigInt(job));
    for (const source of this.#sources) {
      const found = source.findJobFile(range);
      if (found) return found;
    }
    return undefined;
  }
}
