import { crc32 } from 'node:zlib';
import { MAX_KEY_NAME_BYTES } from '../limits.js';

/** Characters that mean nothing special to any file system or shell; the rest is percent-encoded. */
const SAFE = /^[A-Za-z0-9_.+=@,-]$/;
/** Names that Windows keeps for devices, whatever their ending, and that of the manifest. */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9]|manifest)(?:\.|$)/i;
const ENDING = '.json';

/**
 * Gives each key of a table set a file name: the key itself where that is safe, percent-encoded where it is not. Names that
 * a disk without regard to case would take for one are told apart by the order in which they are asked for.
 */
export class KeyFileNames {
  readonly #taken = new Set<string>();

  nameOf(key: string): string {
    const base = shorten(encode(key), key);
    let name = base + ENDING;
    for (let count = 2; this.#taken.has(name.toLowerCase()); count++) name = `${base}~${count}${ENDING}`;
    this.#taken.add(name.toLowerCase());
    return name;
  }
}

function encode(key: string): string {
  const encoded = [...key].map((char) => (SAFE.test(char) ? char : escape(char))).join('');
  if (encoded === '') return '~';
  const isUnfit = encoded.startsWith('.') || encoded.startsWith('-') || RESERVED.test(encoded);
  const safe = isUnfit ? escape(encoded[0] ?? '') + encoded.slice(1) : encoded;
  // No two dots in a row, which readers refuse, also not with that of the ending.
  return safe.replaceAll('..', '.%2E').replace(/\.$/, '%2E');
}

function escape(char: string): string {
  const bytes = [...Buffer.from(char)];
  return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

/** A name has 255 bytes at most: a long one ends in its CRC-32 instead, which only has to make it likely that names differ. */
function shorten(encoded: string, key: string): string {
  if (encoded.length <= MAX_KEY_NAME_BYTES) return encoded;
  const hash = crc32(key).toString(16).padStart(8, '0');
  return `${encoded.slice(0, MAX_KEY_NAME_BYTES - hash.length - 1)}~${hash}`;
}
