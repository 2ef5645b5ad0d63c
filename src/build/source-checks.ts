import type { SourceShare } from '../pool/messages.js';

/** A file of a table set that is merged, and what its manifest says of it. */
export interface SourceFile {
  readonly path: string;
  readonly bytes: bigint;
  readonly crc32: number;
}

/** What has been read of the files of a merge, held against their manifests. */
export class SourceChecks {
  readonly #files: readonly SourceFile[];
  readonly #crcs: Uint32Array;
  readonly #bytes: Float64Array;

  constructor(files: readonly SourceFile[]) {
    this.#files = files;
    this.#crcs = new Uint32Array(files.length);
    this.#bytes = new Float64Array(files.length);
  }

  add(shares: readonly SourceShare[]): void {
    for (const [file, crc, bytes] of shares) {
      this.#crcs[file]! ^= crc;
      this.#bytes[file]! += bytes;
    }
  }

  clear(): void {
    this.#crcs.fill(0);
    this.#bytes.fill(0);
  }

  /** The path of the first of the files in `shares` that is read to its end and is not what its manifest says. */
  findDamaged(shares: readonly SourceShare[]): string | undefined {
    const found = shares.find(([file]) => this.#isRead(file) && !this.#isSound(file));
    return found && this.#files[found[0]]?.path;
  }

  /** The path of the first file that is not what its manifest says; with `isComplete`, or that has not been read whole. */
  findAnyDamaged(isComplete: boolean): string | undefined {
    return this.#files.find((_, file) => (isComplete || this.#isRead(file)) && !this.#isSound(file))?.path;
  }

  #isRead(file: number): boolean {
    return BigInt(this.#bytes[file] ?? 0) >= (this.#files[file]?.bytes ?? 0n);
  }

  #isSound(file: number): boolean {
    const expected = this.#files[file];
    return BigInt(this.#bytes[file] ?? 0) === expected?.bytes && this.#crcs[file] === expected.crc32;
  }
}
