import { REPORT_TEXT_CHARS } from '../limits.js';

/**
 * What can be shown of a text that anybody may have written: at most REPORT_TEXT_CHARS characters, and controls, half
 * surrogates and what turns the direction of writing spelled out, as in \u{202e}.
 */
export function toShownText(text: string, maxChars = REPORT_TEXT_CHARS): string {
  if (text === '') return '(empty)';
  const head = text
    .slice(0, maxChars)
    .replace(/[\uD800-\uDBFF]$/, (half) => (text.length > maxChars ? '' : half));
  const shown = head.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, spellOut);
  return text.length > maxChars ? `${shown}… (${text.length} characters)` : shown;
}

function spellOut(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
