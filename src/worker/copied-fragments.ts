import type { FragmentSource, TakeFragment } from '../buckets/fragment.js';
import { COPY_IMAGES_BYTES, FRAGMENT_MARGIN_BYTES, SLICE_NUMBERS } from '../limits.js';
import type { SourceShare } from '../pool/messages.js';
import { splitIntoJobs, type Jobs } from '../range/jobs.js';
import type { Range } from '../range/range.js';
import type { ClosedForm, Tally } from '../signatures/signature.js';
import { crc32, shiftCrc } from '../tables/crc32.js';
import type { SourceFiles } from './source-files.js';
import type { SourcePiece, SourceTable, SourceTables } from './source-table.js';

const COMMA = 44;
const COMMA_CRC = crc32(Uint8Array.of(COMMA));

/** The part of a slice that one table has. */
interface Part {
  readonly table: SourceTable;
  readonly below: Tally;
  readonly upTo: Tally;
  /** The table's file, read whole. */
  readonly image: Uint8Array | undefined;
}

/** Fragments that are read from table sets: where a bucket's numbers stand in there follows from the closed form. */
export class CopiedFragments implements FragmentSource {
  readonly #closedForm: ClosedForm;
  readonly #sources: readonly SourceTables[];
  readonly #files: SourceFiles;
  /** What has been read of each file. */
  readonly #shares = new Map<number, { crc: number; bytes: number }>();
  #piece = new Uint8Array(0);
  #text = new Uint8Array(0);

  constructor(closedForm: ClosedForm, sources: readonly SourceTables[], files: SourceFiles) {
    this.#closedForm = closedForm;
    this.#sources = sources;
    this.#files = files;
  }

  /** Where files of jobs are read, slices are small enough for whole files of them, and cut as they are. */
  slicesOf(job: Range): Jobs {
    const digits = BigInt(job.end.toString().length);
    const small = BigInt(COPY_IMAGES_BYTES) / (digits + 1n);
    const chunks = this.#sourcesOf(job).flatMap(({ set }) => (set.layout === 'job' ? [set.chunk] : []));
    const [chunk = 0n] = chunks;
    if (chunks.length === 0 || small === 0n) return splitIntoJobs(job, SLICE_NUMBERS);
    return splitIntoJobs(job, chunk <= small ? small - (small % chunk) : small);
  }

  /** Throws SourceErrors. */
  forEach(slice: Range, take: TakeFragment): void {
    const parts = this.#sourcesOf(slice).flatMap((source) => {
      const part = intersect(slice, source.set.range);
      return source.listTables(part).map((table) => this.#openPart(table, intersect(part, table.range)));
    });
    for (const { key } of this.#closedForm.firstMembers(slice)) this.#takeBucket(key, parts, take);
  }

  /** What has been read since the last call. */
  takeShares(): SourceShare[] {
    const shares = Array.from(this.#shares, ([file, { crc, bytes }]) => [file, crc, bytes] as const);
    this.#shares.clear();
    return shares;
  }

  /** Notes that a file's last bytes but `behind` have the CRC `crc`. */
  addShare(file: number, crc: number, bytes: number, behind: number): void {
    const share = this.#shares.get(file) ?? { crc: 0, bytes: 0 };
    share.crc = (share.crc ^ shiftCrc(crc, behind)) >>> 0;
    share.bytes += bytes;
    this.#shares.set(file, share);
  }

  #sourcesOf(range: Range): SourceTables[] {
    return this.#sources.filter(({ set }) => set.range.start < range.end && range.start < set.range.end);
  }

  #openPart(table: SourceTable, range: Range): Part {
    const [below, upTo] = [this.#closedForm.tally(range.start), this.#closedForm.tally(range.end)];
    return { table, below, upTo, image: table.isJobFile ? this.#readImage(table) : undefined };
  }

  #readImage({ jobFile: { path, bytes } }: SourceTable): Uint8Array | undefined {
    if (bytes > COPY_IMAGES_BYTES) return undefined;
    const image = new Uint8Array(bytes);
    this.#files.read(path, bytes, image, 0);
    return image;
  }

  #takeBucket(key: string, parts: readonly Part[], take: TakeFragment): void {
    let crc = 0;
    let end = FRAGMENT_MARGIN_BYTES;
    for (const part of parts) {
      const piece = part.table.findPiece(key, part.below, part.upTo);
      if (!piece) continue;
      const { bytes, crc: bodyCrc } = this.#readBody(piece, part.image);
      if (end > FRAGMENT_MARGIN_BYTES) {
        crc = shiftCrc(crc, 1) ^ COMMA_CRC;
        this.#text[end++] = COMMA;
      }
      this.#reserveText(end, bytes.length);
      this.#text.set(bytes, end);
      crc = (shiftCrc(crc, bytes.length) ^ bodyCrc) >>> 0;
      end += bytes.length;
    }
    take(key, { buffer: this.#text, start: FRAGMENT_MARGIN_BYTES, end, crc });
  }

  /** The numbers of a piece as text, and their CRC. */
  #readBody(piece: SourcePiece, image: Uint8Array | undefined): { bytes: Uint8Array; crc: number } {
    const { from, to, headBytes, tailBytes } = piece;
    const bytes = image?.subarray(from, to) ?? this.#readPiece(piece);
    const body = bytes.subarray(headBytes, bytes.length - tailBytes);
    const crc = crc32(body);
    const headed = headBytes === 0 ? crc : shiftCrc(crc32(bytes.subarray(0, headBytes)), body.length) ^ crc;
    const tailCrc = crc32(bytes.subarray(bytes.length - tailBytes));
    this.addShare(
      piece.file,
      shiftCrc(headed >>> 0, tailBytes) ^ tailCrc,
      bytes.length,
      piece.fileBytes - to,
    );
    return { bytes: body, crc };
  }

  #readPiece({ path, fileBytes, from, to }: SourcePiece): Uint8Array {
    if (this.#piece.length < to - from) this.#piece = new Uint8Array(2 * (to - from));
    const bytes = this.#piece.subarray(0, to - from);
    this.#files.read(path, fileBytes, bytes, from);
    return bytes;
  }

  /** Makes room for `bytes` more behind `end`, for a comma, and for a margin. */
  #reserveText(end: number, bytes: number): void {
    const needed = end + bytes + 1 + FRAGMENT_MARGIN_BYTES;
    if (this.#text.length >= needed) return;
    const grown = new Uint8Array(2 * needed);
    grown.set(this.#text.subarray(FRAGMENT_MARGIN_BYTES, end), FRAGMENT_MARGIN_BYTES);
    this.#text = grown;
  }
}

function intersect(a: Range, b: Range): Range {
  return { start: a.start > b.start ? a.start : b.start, end: a.end < b.end ? a.end : b.end };
}
