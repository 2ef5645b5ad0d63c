const QUOTE = 34;
const BACKSLASH = 92;
const COLON = 58;
const FIRST_PRINTABLE = 32;

/** A byte of a key takes up to six in a label, as `\u0001`; besides there are two quotes and a colon. */
export function maxLabelBytes(keyBytes: number): number {
  return 6 * keyBytes + 3;
}

/**
 * Writes the label of a key, `"key":` in JSON, whose UTF-8 text is `keys[start]` up to, not including, `keys[end]`;
 * returns the position behind it.
 */
export function writeLabel(
  keys: Uint8Array,
  start: number,
  end: number,
  into: Uint8Array,
  position: number,
): number {
  let at = position;
  into[at++] = QUOTE;
  for (let k = start; k < end; k++) {
    const byte = keys[k]!;
    if (needsEscape(byte)) return writeEscaped(keys.subarray(start, end), into, position);
    into[at++] = byte;
  }
  into[at] = QUOTE;
  into[at + 1] = COLON;
  return at + 2;
}

/** The bytes that `writeLabel` writes. */
export function measureLabel(keys: Uint8Array, start: number, end: number): number {
  for (let k = start; k < end; k++) {
    if (needsEscape(keys[k]!)) return escapeLabel(keys.subarray(start, end)).length;
  }
  return end - start + 3;
}

function needsEscape(byte: number): boolean {
  return byte < FIRST_PRINTABLE || byte === QUOTE || byte === BACKSLASH;
}

function writeEscaped(key: Uint8Array, into: Uint8Array, position: number): number {
  const label = escapeLabel(key);
  into.set(label, position);
  return position + label.length;
}

function escapeLabel(key: Uint8Array): Buffer {
  return Buffer.from(`${JSON.stringify(Buffer.from(key).toString())}:`);
}
