/** What a user gave may be of any length; a message is one line. */
export function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 40)}…${text.slice(-16)}`;
}

/** Text from a file that anybody may have written: no control characters, not endless. */
export function toOneLine(text: string): string {
  // Cut first: the text may have a hundred million characters.
  return shorten(text).replace(/\p{C}/gu, '?');
}
