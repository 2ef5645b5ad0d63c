/** What JSON can say, with bigints for whole numbers that pass 2^53 - 1. */
export type JsonValue =
  null | boolean | number | bigint | string | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** The value that a JSON text stands for. Throws a SyntaxError where it is none. */
export function parseExactJson(text: string): JsonValue {
  const value = JSON.parse(text) as JsonValue;
  // 2^53 has 16 digits. Node 20 has no way to see what a number was written as.
  return /\d{16}/.test(text) ? (JSON.parse(markLongNumbers(text), unmark) as JsonValue) : value;
}

/** A text, which names a member where a colon follows, or a number. */
const TOKEN = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** A number that is not exact becomes a text that begins with #, and each text that is no name then begins with $. */
function markLongNumbers(text: string): string {
  return text.replace(TOKEN, (token: string, quoted: string | undefined, colon: string | undefined) => {
    if (quoted !== undefined) return colon === undefined ? `"$${quoted.slice(1)}` : token;
    const isExact = !/^-?\d+$/.test(token) || Number.isSafeInteger(Number(token));
    return isExact ? token : `"#${token}"`;
  });
}

function unmark(_name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return value.startsWith('#') ? BigInt(value.slice(1)) : value.slice(1);
}
