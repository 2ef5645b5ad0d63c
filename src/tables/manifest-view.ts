import { manifestDamaged } from '../errors.js';
import { MANIFEST_TEXT_LOOKUPS, MANIFEST_WHOLE_BYTES } from '../limits.js';
import { findHeadContradiction } from './manifest-consistency.js';
import { parseManifestQuickly, readBucket, readFile, readHead } from './manifest-quick.js';
import {
  isSharded,
  manifestPath,
  parseManifestText,
  readManifestText,
  type Manifest,
  type ManifestBucket,
  type ManifestHead,
  type ShardedManifest,
} from './manifest.js';

/** Where the lists begin in a manifest's text. */
const LISTS = '\n"files":[\n';

/**
 * Opens the manifest of the table set in `folder` for reading single entries; gives that of a sharded one as a whole. Throws TABLES if there
 * is none, or if it is damaged or written by a newer sigtables.
 */
export async function openAnyManifest(folder: string): Promise<ManifestView | ShardedManifest> {
  const path = manifestPath(folder);
  const text = readManifestText(folder);
  const head = text.length > MANIFEST_WHOLE_BYTES ? readTextHead(text) : undefined;
  if (head) return new ManifestView(path, text, head, undefined);
  const whole = await parseManifestText(path, text);
  return isSharded(whole) ? whole : new ManifestView(path, text, undefined, whole);
}

/** What `openAnyManifest` opens of a plain table set, from the text that `readManifestText` gave, at once: for words on what is wrong there is no time. */
export function viewManifest(path: string, text: Buffer): ManifestView {
  const head = text.length > MANIFEST_WHOLE_BYTES ? readTextHead(text) : undefined;
  const whole = head ? undefined : parseManifestQuickly(text.toString('utf8'));
  if (!head && (!whole || isSharded(whole)))
    throw manifestDamaged(path, 'it is none of a plain table set; sigtables verify says more');
  return new ManifestView(path, text, head, whole);
}

function readTextHead(text: Buffer): ManifestHead | undefined {
  const end = text.subarray(0, MANIFEST_WHOLE_BYTES).indexOf(LISTS);
  try {
    const head = readHead(JSON.parse(`${text.toString('utf8', 0, end)}"end":0}`) as Record<string, unknown>);
    return findHeadContradiction(head) === undefined ? head : undefined;
  } catch {
    return undefined; // another way of writing it, or a fault: the whole of it is to be read
  }
}

interface Whole {
  readonly manifest: Manifest;
  readonly buckets: ReadonlyMap<string, ManifestBucket>;
  readonly sizes: ReadonlyMap<string, bigint>;
}

/** A manifest as a reader asks it. Of a large one, only the lines that are asked for are read, as long as they are few. */
export class ManifestView {
  /** Where it stands. */
  readonly path: string;
  #text: Buffer | undefined;
  #lookups = 0;
  #whole: Whole | undefined;
  /** What the table set holds as a whole. */
  readonly head: ManifestHead;

  /** @internal */
  constructor(path: string, text: Buffer, head: ManifestHead | undefined, whole: Manifest | undefined) {
    this.path = path;
    this.#text = text;
    if (whole) this.#take(whole);
    this.head = head ?? this.manifest;
  }

  /** All of it. Throws TABLES where what it lists is not as it must be. */
  get manifest(): Manifest {
    return this.#readWhole().manifest;
  }

  /** What is said of a bucket; nothing for an unknown key. Throws as `manifest` does. */
  bucketOf(key: string): ManifestBucket | undefined {
    if (this.#isWanted) return this.#readWhole().buckets.get(key);
    const bucket = this.#readLine(`{"key":${JSON.stringify(key)},`, readBucket);
    if (bucket && !(bucket.key === key && this.#liesInPlace(bucket))) throw this.#damaged();
    return bucket;
  }

  /** How large a file is to be; nothing for an unknown one. Throws as `manifest` does. */
  bytesOf(file: string): bigint | undefined {
    if (this.#isWanted) return this.#readWhole().sizes.get(file);
    return this.#findBytes(file);
  }

  #findBytes(name: string): bigint | undefined {
    const found = this.#readLine(`{"file":${JSON.stringify(name)},`, readFile);
    // A member that stands twice: the last one counts, and that one's name alone has been looked at.
    if (found && found.file !== name) throw this.#damaged();
    return found?.bytes;
  }

  #liesInPlace({ file, offset = 0n, bytes }: ManifestBucket): boolean {
    if (this.head.layout === 'job') return file === undefined;
    const size = file === undefined ? undefined : this.#findBytes(file);
    return size !== undefined && offset + bytes <= size;
  }

  /** Whether it is to be read as a whole by now. */
  get #isWanted(): boolean {
    return this.#whole !== undefined || ++this.#lookups > MANIFEST_TEXT_LOOKUPS;
  }

  /** Each entry has a line of its own: no JSON text holds a line end within a string. */
  #readLine<T>(beginning: string, read: (value: unknown) => T): T | undefined {
    const text = this.#text;
    const at = text?.indexOf(`\n${beginning}`) ?? -1;
    if (!text || at < 0) return undefined;
    const line = text.toString('utf8', at + 1, text.indexOf('\n', at + 1));
    try {
      return read(JSON.parse(line.endsWith(',') ? line.slice(0, -1) : line));
    } catch {
      throw this.#damaged();
    }
  }

  #readWhole(): Whole {
    if (this.#whole) return this.#whole;
    const manifest = parseManifestQuickly(this.#text?.toString('utf8') ?? '');
    if (!manifest) throw this.#damaged();
    return this.#take(manifest);
  }

  #take(manifest: Manifest): Whole {
    this.#text = undefined;
    this.#whole = {
      manifest,
      buckets: new Map(manifest.buckets.map((bucket) => [bucket.key, bucket])),
      sizes: new Map(manifest.files.map(({ file, bytes }) => [file, bytes])),
    };
    return this.#whole;
  }

  #damaged(): Error {
    return manifestDamaged(this.path, 'its lists are not as they must be; sigtables verify says more');
  }
}
