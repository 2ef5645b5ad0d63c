import { growTo } from '../aggregates/growing.js';
import { MAX_KEY_BYTES } from '../limits.js';
import { hashStep, finishHash, HASH_SEED } from './key-hash.js';

/** Whole numbers below it find their bucket in an array. */
const SMALL_KEYS = 65_536;

/** Why something is no key. */
const KEY_FAULTS = {
  type: 'a text, a finite number or null',
  surrogate: 'well-formed text (it holds half of a surrogate pair)',
  length: `a text of at most ${String(MAX_KEY_BYTES / 1024)} KiB`,
} as const;

/** What `keyOf` gave is no key. Whoever knows the number tells it on. */
export class KeyFault extends Error {
  readonly value: unknown;
  readonly expected: string;

  constructor(value: unknown, expected: string) {
    super(`a key is not ${expected}`);
    this.value = value;
    this.expected = expected;
  }
}

/** The keys of a slice, numbered in the order in which they first appear, and their UTF-8 text. */
export class KeyBook {
  /** How many keys there are. */
  count = 0;
  /** Whether the slice must end because it has keys enough. */
  isFull = false;
  /** All keys' text, one behind the other; key i is `arena[ends[i - 1]]` up to, not including, `arena[ends[i]]`. */
  arena = new Uint8Array(1024);
  ends = new Uint32Array(1024);
  hashes = new Uint32Array(1024);
  #ids = new Map<string, number>();
  /** The keys' texts, and by key the one that came behind it when it was last looked for. */
  #texts: string[] = [];
  #followers = new Int32Array(1024);
  /** The bucket of each small whole number, plus 1. */
  readonly #small = new Int32Array(SMALL_KEYS);
  readonly #maxKeys: number;
  readonly #maxBytes: number;

  constructor(maxKeys: number, maxBytes: number) {
    this.#maxKeys = maxKeys;
    this.#maxBytes = maxBytes;
  }

  /** Forgets all keys. */
  clear(): void {
    this.count = 0;
    this.isFull = false;
    this.#ids = new Map();
    this.#texts = [];
    this.#small.fill(0);
  }

  /**
   * The same, for a key that comes behind the one numbered `last`: in most signatures that is the one that came behind it
   * before, and comparing two texts takes a fraction of looking one up.
   */
  findBehind(last: number, key: unknown): number {
    if (typeof key !== 'string') return this.find(key);
    const guess = this.#followers[last]!;
    return this.#texts[guess] === key ? guess : (this.#followers[last] = this.find(key));
  }

  /** The number of `key`, which is not null; a new one counts on. Throws a KeyFault where it is no key. */
  find(key: unknown): number {
    if (typeof key === 'string') return this.#ids.get(key) ?? this.#open(key, key);
    if (typeof key !== 'number' || key - key !== 0) throw new KeyFault(key, KEY_FAULTS.type);
    if (key >= 0 && key < SMALL_KEYS && (key | 0) === key) {
      const known = this.#small[key]!;
      return known > 0 ? known - 1 : this.#openSmall(key);
    }
    return this.#findNumeric(key);
  }

  startOf(id: number): number {
    return id > 0 ? this.ends[id - 1]! : 0;
  }

  /** The key as text; it is read back from its bytes. */
  textOf(id: number): string {
    return Buffer.from(this.arena.buffer, this.startOf(id), this.ends[id]! - this.startOf(id)).toString();
  }

  #openSmall(key: number): number {
    const id = this.#findNumeric(key);
    this.#small[key] = id + 1;
    return id;
  }

  #findNumeric(key: number): number {
    const text = String(key);
    return this.#ids.get(text) ?? this.#open(text, key);
  }

  #open(text: string, given: string | number): number {
    const id = this.count;
    const start = this.startOf(id);
    const end = this.#encode(text, start);
    if (end < 0) throw new KeyFault(given, end === -1 ? KEY_FAULTS.length : KEY_FAULTS.surrogate);
    this.ends = growTo(this.ends, id);
    this.hashes = growTo(this.hashes, id);
    this.#followers = growTo(this.#followers, id);
    this.#followers[id] = 0;
    this.#texts.push(text);
    this.ends[id] = end;
    let hash = HASH_SEED;
    for (let at = start; at < end; at++) hash = hashStep(hash, this.arena[at]!);
    this.hashes[id] = finishHash(hash);
    this.#ids.set(text, id);
    this.count = id + 1;
    if (this.count >= this.#maxKeys || end >= this.#maxBytes) this.isFull = true;
    return id;
  }

  /** Writes the text's bytes; returns where they end, −1 where they are too many, −2 where the text has no UTF-8. */
  #encode(text: string, start: number): number {
    if (text.length > MAX_KEY_BYTES) return -1;
    this.arena = growTo(this.arena, start + 3 * text.length);
    const arena = this.arena;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) return this.#encodeWide(text, start);
      arena[start + i] = code;
    }
    return start + text.length;
  }

  #encodeWide(text: string, start: number): number {
    if (/\p{Surrogate}/u.test(text)) return -2;
    const bytes = Buffer.from(text);
    if (bytes.length > MAX_KEY_BYTES) return -1;
    this.arena.set(bytes, start);
    return start + bytes.length;
  }
}
