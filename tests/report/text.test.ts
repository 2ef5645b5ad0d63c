import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { markup, toJsonScript } from '../../src/report/html.js';
import { formatLongNumber, shortenDigits } from '../../src/report/long-number.js';
import { toShownText } from '../../src/report/shown-text.js';

/** Any text that JavaScript can hold, half surrogates and controls among it. */
const ANY_TEXT = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
});

describe('text of strangers', () => {
  test('is shown without controls, half surrogates and changes of direction, and not endless', () => {
    fc.assert(
      fc.property(ANY_TEXT, (text) => {
        const shown = toShownText(text);
        expect(shown).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        expect(shown).not.toBe('');
      }),
    );
    expect(toShownText('x'.repeat(1_000_000))).toBe(`${'x'.repeat(64)}… (1000000 characters)`);
    expect(toShownText('a\u202eb\ud800c\0')).toBe('a\\u{202e}b\\u{d800}c\\u{0}');
    expect(toShownText(`${'x'.repeat(63)}😀`)).toBe(`${'x'.repeat(63)}… (65 characters)`);
  });

  test('stays text in HTML', () => {
    const { text } = markup`<p title="${`"'<&>`}">${'</p><script>'}</p>`;
    expect(text).toBe('<p title="&#34;&#39;&#60;&#38;&#62;">&#60;/p&#62;&#60;script&#62;</p>');
  });

  test('comes through a script element as it was', () => {
    fc.assert(
      fc.property(ANY_TEXT, (text) => {
        const script = toJsonScript({ text }).text;
        expect(script).not.toMatch(/[<>&\u2028\u2029]/);
        expect(JSON.parse(script)).toEqual({ text });
      }),
    );
  });
});

test('long numbers show their ends', () => {
  expect(formatLongNumber(1_234_567n)).toBe('1,234,567');
  expect(formatLongNumber(10n ** 40n)).toBe('10^40');
  expect(formatLongNumber(10n ** 40n - 1n)).toBe('99999999999999…99999999 (40 digits)');
  expect(shortenDigits('1'.repeat(36))).toBe('1'.repeat(36));
});
