import { basename } from 'node:path';
import { inspect } from 'node:util';

/** How much of a message is shown. */
const MAX_CHARACTERS = 2000;

/**
 * What a plug-in threw, in a few words with the line of `path` where that is known: a plug-in may throw anything, and
 * what it throws may fail when it is looked at.
 */
export function describeThrown(thrown: unknown, path: string): string {
  try {
    if (!(thrown instanceof Error))
      return cut(`it threw ${inspect(thrown, { depth: 1, maxStringLength: MAX_CHARACTERS })}`);
    const what = cut(thrown.message === '' ? thrown.name : `${thrown.name}: ${thrown.message}`);
    const line = findLine(thrown, path);
    return line === undefined ? what : `${what} (line ${line})`;
  } catch {
    return 'it threw something that cannot be shown';
  }
}

/** A message may have a hundred million characters. */
function cut(text: string): string {
  return text.length <= MAX_CHARACTERS ? text : `${text.slice(0, MAX_CHARACTERS)}…`;
}

/** The innermost line of the file `path` in the stack of `error`. */
export function findLine(error: Error, path: string): string | undefined {
  const stack = error.stack ?? '';
  // Stacks have paths and URLs, and those are encoded.
  for (const name of [basename(path), encodeURIComponent(basename(path))]) {
    const at = stack.indexOf(`${name}:`);
    const line = at < 0 ? undefined : /^\d+/.exec(stack.slice(at + name.length + 1))?.[0];
    if (line !== undefined) return line;
  }
  return undefined;
}
