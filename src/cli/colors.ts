import picocolors from 'picocolors';
import { hasColors } from './failure.js';

/** Colours for `stream`: none unless it is a terminal that knows them, and none under `NO_COLOR`. */
export function colorsFor(stream: { readonly isTTY?: boolean }): ReturnType<typeof picocolors.createColors> {
  // picocolors' own guess looks at standard output only, and takes CI for a terminal.
  return picocolors.createColors(hasColors(stream));
}
