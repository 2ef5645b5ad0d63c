/** What a user gave may be of any length; a message is one line. */
export function shorten(text: string, maxChars = 60): string {
  return text.length <= maxChars ? text : `${text.slice(0, maxChars - 20)}…${text.slice(-16)}`;
}

declare const OUTSIDE: unique symbol;

/**
 * A text that somebody else may have written, such as a member of a queue's record. To the compiler it is no string, so that
 * nothing prints it as it stands: `toOneLine` makes it fit to be printed, `rawText` is for comparing it and for JSON.
 */
export interface OutsideText {
  readonly [OUTSIDE]: true;
}

/** Marks `text` as written by somebody else. */
export function fromOutside(text: string): OutsideText {
  return text as unknown as OutsideText;
}

/** `text` as it was written: to compare it, to send it on, or to write it as JSON. */
export function rawText(text: OutsideText): string {
  return text as unknown as string;
}

/** Text from a file or a queue that anybody may have written: no control characters, not endless. */
export function toOneLine(text: string | OutsideText, maxChars?: number): string {
  // Cut first: the text may have a hundred million characters.
  return toPrintable(shorten(text as string, maxChars));
}

/** Controls, half surrogates, what parts lines, and what turns the direction of writing; not what joins letters and emoji. */
const UNPRINTABLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** `text` in one line that does nothing to a terminal: what does is spelled out, as in \x1b or \u{202e}. */
export function toPrintable(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').replace(UNPRINTABLE, spellOut);
}

/** The same of a result, whose line ends and tabs are its own. */
export function toPrintableLines(text: string): string {
  return text.replace(UNPRINTABLE, (char) => (char === '\n' || char === '\t' ? char : spellOut(char)));
}

function spellOut(char: string): string {
  const code = (char.codePointAt(0) ?? 0).toString(16);
  return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u{${code}}`;
}
