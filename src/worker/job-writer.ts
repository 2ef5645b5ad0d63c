import type { FragmentSource, FragmentText } from '../buckets/fragment.js';
import type { Layout } from '../layouts/layout.js';
import type { Placement, Region } from '../layouts/regions.js';
import { IMAGE_BYTES } from '../limits.js';
import type { JobYield } from '../pool/messages.js';
import type { ClosedForm, Tally } from '../signatures/signature.js';
import { crc32, shiftCrc } from '../tables/crc32.js';
import type { TableFiles } from './table-files.js';

/** One fragment with all that stands around it, at its place in a file. */
interface Piece {
  readonly file: number;
  readonly position: number;
  readonly bytes: Uint8Array;
}

/** Writes jobs: each fragment straight to the place that the layout gives it. */
export class JobWriter {
  readonly #closedForm: ClosedForm;
  readonly #layout: Layout;
  readonly #files: TableFiles;
  readonly #fragments: FragmentSource;
  /** The regions of a placement by key, kept while the placement is the same. */
  #regions: { placement: Placement; byKey: Map<string, Region> } | undefined;

  constructor(closedForm: ClosedForm, layout: Layout, files: TableFiles, fragments: FragmentSource) {
    this.#closedForm = closedForm;
    this.#layout = layout;
    this.#files = files;
    this.#fragments = fragments;
  }

  /** Writes the job with this index. Throws what the system throws. */
  write(job: number): JobYield {
    const placement = this.#layout.placementFor(job);
    const regions = this.#regionsOf(placement);
    const sink = this.#openSink(placement);
    const crcs = new Uint32Array(placement.fileBytes.length);
    let bytes = 0;
    const slices = this.#fragments.slicesOf(this.#layout.jobs.at(BigInt(job)));
    for (let i = 0n; i < slices.count; i++) {
      const slice = slices.at(i);
      const before = this.#closedForm.tallyWithin({ start: placement.range.start, end: slice.start });
      this.#fragments.forEach(slice, (key, text) => {
        const region = regions.get(key);
        if (!region) throw new Error(`signature ${key} has no region in the layout`);
        const written = writeFragment(region, placement, before, text, sink.write);
        crcs[region.file - placement.firstFile]! ^= written.crc;
        bytes += written.bytes;
      });
    }
    sink.end();
    return { job, firstFile: placement.firstFile, crcs, bytes };
  }

  #regionsOf(placement: Placement): Map<string, Region> {
    if (this.#regions?.placement !== placement) {
      this.#regions = { placement, byKey: new Map(placement.regions.map((region) => [region.key, region])) };
    }
    return this.#regions.byKey;
  }

  /** A file that only this job writes is put together in memory where it is small, and written at once. */
  #openSink(placement: Placement): { write: (piece: Piece) => void; end: () => void } {
    const writeTo = (file: number, bytes: Uint8Array, position: number): void => {
      const fileBytes = placement.fileBytes[file - placement.firstFile] ?? 0;
      this.#files.write(file, this.#layout.fileName(file), fileBytes, bytes, position);
    };
    const [imageBytes = 0] = placement.fileBytes;
    const isImage = this.#layout.ownsFiles && imageBytes <= IMAGE_BYTES;
    if (!isImage)
      return { write: ({ file, bytes, position }) => writeTo(file, bytes, position), end: () => undefined };
    const image = new Uint8Array(imageBytes);
    return {
      write: ({ bytes, position }) => image.set(bytes, position),
      end: () => writeTo(placement.firstFile, image, 0),
    };
  }
}

/** Puts label, brackets and separator around a fragment and writes it; gives its size and share of the file's CRC. */
function writeFragment(
  region: Region,
  placement: Placement,
  before: Tally,
  { buffer, start, end, crc }: FragmentText,
  write: (piece: Piece) => void,
): { crc: number; bytes: number } {
  const preceding = Number(before.bytes(region.key));
  const offset = region.arrayOffset + 1 + preceding;
  const isLast = preceding + (end - start) + 2 === region.arrayBytes;
  const head = preceding === 0 ? `${region.label}[` : '';
  const tail = isLast ? (region.endsFile ? ']}' : ']') : ',';
  const headBytes = Buffer.from(head);
  const tailBytes = Buffer.from(tail);
  buffer.set(headBytes, start - headBytes.length);
  buffer.set(tailBytes, end);
  const bytes = buffer.subarray(start - headBytes.length, end + tailBytes.length);
  const position = offset - headBytes.length;
  write({ file: region.file, position, bytes });
  const headed = shiftCrc(crc32(headBytes), end - start) ^ crc;
  const pieceCrc = shiftCrc(headed, tailBytes.length) ^ crc32(tailBytes);
  const fileBytes = placement.fileBytes[region.file - placement.firstFile] ?? 0;
  return { crc: shiftCrc(pieceCrc, fileBytes - position - bytes.length), bytes: bytes.length };
}
