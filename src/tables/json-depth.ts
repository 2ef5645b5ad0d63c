const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Whether arrays and objects stand deeper in each other than `maxDepth` in a JSON text. Each level takes `JSON.parse` 45 bytes
 * of memory (measured): a text of nothing but brackets takes it down.
 */
export function isNestedDeeper(text: Uint8Array, maxDepth: number): boolean {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at]!;
    if (isInString) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) isInString = false;
    } else if (byte === QUOTE) isInString = true;
    // The brackets [ and {, ] and } are two apart from each other, and 32 from one kind to the other.
    else if ((byte | 0x20) === 0x7b) {
      if (++depth > maxDepth) return true;
    } else if ((byte | 0x20) === 0x7d) depth--;
  }
  return false;
}
