import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openPlainFile, UPDATE_PLAIN, WRITE_PLAIN } from '../files/plain-file.js';
import { journalShrank, recordTooLong } from '../errors.js';
import { JOURNAL_LINE_MAX_BYTES, NESTING_FREE_BYTES, NESTING_MAX_DEPTH } from '../limits.js';
import { crc32 } from './crc32.js';
import { syncFolder, writeFully } from './durable.js';
import { isNestedDeeper } from './json-depth.js';

// One record a line: the CRC-32 of the JSON in 8 hex digits, a space, the JSON, a newline.
const NEWLINE = 10;
const SPACE = 32;
const CRC_DIGITS = 8;

/** How far a journal could be read. */
export interface JournalExtent {
  readonly records: number;
  /** Bytes up to the end of the last good record: where to go on writing. */
  readonly goodBytes: number;
  /** Something stood behind the last good record: a torn write, or damage. */
  readonly tailDiscarded: boolean;
}

/**
 * Reads a journal up to its first bad record and hands each good one to `onRecord`, without keeping it. A record is
 * bad if it is torn, does not match its CRC, or if `validate` throws. An absent journal has no records.
 */
export async function readJournal<T>(
  path: string,
  validate: (value: unknown) => T,
  onRecord: (record: T) => void,
): Promise<JournalExtent> {
  let records = 0;
  let goodBytes = 0;
  for await (const line of readLines(path)) {
    const value = line && parseRecord(line, validate);
    if (!value) return { records, goodBytes, tailDiscarded: true };
    records += 1;
    goodBytes += line.length + 1;
    onRecord(value.record);
  }
  return { records, goodBytes, tailDiscarded: false };
}

/** An open journal. Appends run one after another, in the order in which they were asked for. */
export interface Journal {
  /**
   * Appends a record, durably if the journal was opened with `sync`. After a failure every further append throws the
   * same error: what a failed sync left on the disk cannot be known, and a second one may report success for it.
   */
  append(record: object): Promise<void>;
  /** Closes the file once the appends under way have ended. */
  close(): Promise<void>;
}

/** Opens a journal to go on behind its first `goodBytes` bytes (0 to begin it); the rest is cut off. */
export async function openJournal(
  path: string,
  options: { readonly goodBytes: number; readonly sync: boolean },
): Promise<Journal> {
  const { goodBytes, sync } = options;
  const handle = await open(path, goodBytes > 0 ? UPDATE_PLAIN : WRITE_PLAIN, 0o666);
  try {
    if ((await handle.stat()).size < goodBytes) throw journalShrank(path);
    await handle.truncate(goodBytes);
    if (sync) await handle.sync();
    if (sync) await syncFolder(dirname(path));
  } catch (error) {
    await handle.close().catch(() => undefined);
    throw error;
  }
  return new JournalFile(handle, path, goodBytes, sync);
}

class JournalFile implements Journal {
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #sync: boolean;
  #position: number;
  /** Rejects from the first failure on, and with it every append behind it. */
  #last: Promise<void> = Promise.resolve();

  constructor(handle: FileHandle, path: string, position: number, sync: boolean) {
    this.#handle = handle;
    this.#path = path;
    this.#position = position;
    this.#sync = sync;
  }

  async append(record: object): Promise<void> {
    const line = encodeRecord(record);
    if (line.length > JOURNAL_LINE_MAX_BYTES) throw recordTooLong(this.#path, line.length);
    this.#last = this.#last.then(() => this.#write(line));
    await this.#last;
  }

  async close(): Promise<void> {
    await this.#last.catch(() => undefined); // told to whoever appended
    await this.#handle.close();
  }

  async #write(line: Uint8Array): Promise<void> {
    this.#position = await writeFully(this.#handle, this.#path, line, this.#position);
    if (this.#sync) await this.#handle.datasync();
  }
}

function encodeRecord(record: object): Buffer {
  const json = Buffer.from(JSON.stringify(record));
  return Buffer.concat([Buffer.from(`${formatCrc(crc32(json))} `), json, Buffer.of(NEWLINE)]);
}

function parseRecord<T>(line: Buffer, validate: (value: unknown) => T): { record: T } | undefined {
  const json = line.subarray(CRC_DIGITS + 1);
  if (line[CRC_DIGITS] !== SPACE || line.toString('latin1', 0, CRC_DIGITS) !== formatCrc(crc32(json)))
    return undefined;
  if (json.length > NESTING_FREE_BYTES && isNestedDeeper(json, NESTING_MAX_DEPTH)) return undefined;
  try {
    return { record: validate(JSON.parse(json.toString())) };
  } catch {
    return undefined;
  }
}

function formatCrc(crc: number): string {
  return crc.toString(16).padStart(CRC_DIGITS, '0');
}

/** Yields the lines of a file without their newlines, then `undefined` if the last one is too long or has none. */
async function* readLines(path: string): AsyncGenerator<Buffer | undefined> {
  let parts: Buffer[] = [];
  let partsBytes = 0;
  for await (const chunk of readChunks(path)) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      const piece = chunk.subarray(from, end);
      yield parts.length === 0 ? piece : Buffer.concat([...parts, piece]);
      parts = [];
      partsBytes = 0;
      from = end + 1;
    }
    if (from === chunk.length) continue;
    parts.push(chunk.subarray(from));
    partsBytes += chunk.length - from;
    if (partsBytes > JOURNAL_LINE_MAX_BYTES) break;
  }
  if (parts.length > 0) yield undefined;
}

async function* readChunks(path: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path, { fd: openPlainFile(path) }) as AsyncIterable<Buffer>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
