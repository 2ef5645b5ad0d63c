import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromOutside, rawText, toOneLine, toPrintable, toPrintableLines } from '../../src/errors/quoting.js';

/** What a terminal acts on, or what makes a line read as another. */
const HARMFUL = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]/u;

const anyText = fc.string({ unit: 'binary', maxLength: 200 });

describe('text of others', () => {
  test.each([
    ['a colour', '\x1b[31mred', '\\x1b[31mred'],
    ['the clipboard', '\x1b]52;c;aGk=\x07', '\\x1b]52;c;aGk=\\x07'],
    ['a link', '\x1b]8;;http://x\x1b\\y', '\\x1b]8;;http://x\\x1b\\y'],
    ['a C1 sequence', '\x9b2J', '\\x9b2J'],
    ['a return over the line', 'good\rbad', 'good\\x0dbad'],
    ['a line of its own', 'one\n  two', 'one two'],
    ['a line separator', 'one\u2028two', 'one\\u{2028}two'],
    ['the other direction', 'a\u202egnp.exe', 'a\\u{202e}gnp.exe'],
    ['half a character', 'a\ud800b', 'a\\u{d800}b'],
    ['backspace and delete', 'a\b\x7f', 'a\\x08\\x7f'],
  ])('%s is spelled out', (_, given, shown) => {
    expect(toPrintable(given)).toBe(shown);
  });

  test.each(['café', '日本', '👩‍👩‍👧', 'می‌خواهم', 'a b'])('%s stays as it is', (given) => {
    expect(toPrintable(given)).toBe(given);
  });

  test('does nothing to a terminal, whatever it is', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(toPrintable(text)).not.toMatch(HARMFUL);
        expect(toOneLine(fromOutside(text))).not.toMatch(HARMFUL);
        expect(toPrintableLines(text).replaceAll(/[\n\t]/g, '')).not.toMatch(HARMFUL);
        expect(rawText(fromOutside(text))).toBe(text);
      }),
    );
  });

  test('is shortened before it is looked through', () => {
    expect(toOneLine(`${'x'.repeat(50)}\x1b${'y'.repeat(1_000_000)}`)).toBe(
      `${'x'.repeat(40)}…${'y'.repeat(16)}`,
    );
  });
});
