import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { closedForm } from '../../src/signatures/closed-form.js';
import { runCommand } from '../e2e/harness.js';
import { readDocument, writeDocument } from '../faults/harness/hostile-manifest.js';
import { buildPlugInSet, buildSet, makeReport } from '../report/fixtures.js';
import { signByLiteralLoop } from '../signatures/reduced/literal-loop.js';
import { describeInBrowser, findViolations, openPage, type OpenedPage } from './harness.js';

const openReport = async (path: string, options = {}): Promise<OpenedPage> =>
  await openPage(pathToFileURL(path).href, options);

/** Nothing was loaded but the page, and nothing went wrong in it. */
function expectQuiet({ problems, requests }: OpenedPage): void {
  expect(problems).toEqual([]);
  expect(requests).toHaveLength(1);
}

const readTip = async (page: Page): Promise<string[]> =>
  (await page.locator('.tip:not([hidden]) > *').allTextContents()).map((line) => line.trim());

/** Waits for what the tip says: drawing and events take the browser some time. */
const expectTip = async (page: Page, lines: unknown): Promise<void> =>
  await expect.poll(() => readTip(page), { timeout: 30_000 }).toEqual(lines);

interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where the cells of the map are in the page, all together. */
async function measureMap(page: Page): Promise<Frame> {
  await page.locator('#map').scrollIntoViewIfNeeded();
  return await page.evaluate<Frame>(
    "(({ x, y, width, height }) => ({ x, y, width, height }))(document.querySelector('#map g[aria-label=cell]').getBoundingClientRect())",
  );
}

const typeNumber = async (page: Page, text: string): Promise<void> =>
  await page.locator('#number').fill(text);

const expectKey = async (page: Page, key: string): Promise<void> =>
  await expect.poll(() => page.locator('#answer output').textContent(), { timeout: 30_000 }).toBe(key);

describeInBrowser('the report of a table set', () => {
  const buckets = closedForm('1e6');
  let path: string;
  beforeAll(async () => {
    path = await makeReport(await buildSet('--range', '1e6'));
  });

  test('shows exact counts under the pointer, on every cell that is tried', async () => {
    const opened = await openReport(path);
    const { page } = opened;
    const frame = await measureMap(page);
    const rows = 90;
    const columns = Math.max(...buckets.signatures().map((key) => Number(key.slice(0, -2)))) - 1;
    for (const [column, row] of [
      [0, 0],
      [0, 1],
      [5, 10],
      [16, 57],
      [columns - 1, rows - 1],
      [30, 0],
    ] as const) {
      const x = frame.x + ((column + 0.5) * frame.width) / columns;
      await page.mouse.move(x, frame.y + ((row + 0.5) * frame.height) / rows);
      const key = String(column + 2).padStart(2, '0') + String(row + 10);
      const count = Number(buckets.count(key));
      const amount =
        count === 0
          ? 'no numbers: no such bucket'
          : `${count.toLocaleString('en')} number${count === 1 ? '' : 's'}`;
      await expectTip(page, [
        `Signature ${key}`,
        amount,
        ...(count === 0 ? [] : [expect.stringMatching(/ % of all$/)]),
      ]);
    }
    await page.mouse.move(1, 1);
    await expectTip(page, []);
    expectQuiet(opened);
  });

  test('is walked over by keyboard, and spoken', async () => {
    const opened = await openReport(path);
    const { page } = opened;
    await page.locator('#map .frame').focus();
    for (const key of ['ArrowDown', 'Home', 'ArrowRight', 'ArrowRight', 'PageUp', 'ArrowUp'])
      await page.keyboard.press(key);
    const signature = '0444';
    const count = Number(buckets.count(signature)).toLocaleString('en');
    await expectTip(page, [`Signature ${signature}`, `${count} numbers`, expect.stringContaining('%')]);
    expect(await page.locator('#map [role=status]').textContent()).toContain(
      `Signature ${signature}, ${count} numbers`,
    );
    await page.keyboard.press('Enter');
    await expectKey(page, signature);
    expect(await page.locator('#number').inputValue()).toBe(String(buckets.at(signature, 0)));
    expectQuiet(opened);
  });

  test('says the numbers of a step count', async () => {
    const { page } = await openReport(path);
    await page.locator('#steps .frame').focus();
    for (const key of ['Home', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
    const ofFour = buckets.signatures().filter((key) => key.startsWith('04') && key.length === 4);
    const sum = ofFour.reduce((total, key) => total + Number(buckets.count(key)), 0);
    await expectTip(page, ['4 steps', `${sum.toLocaleString('en')} numbers`, expect.stringContaining('%')]);
  });

  test.each(['10', '11', '99', '100', '1000', '777777', '999999'])('reduces %s', async (text) => {
    const opened = await openReport(path);
    const { page } = opened;
    await typeNumber(page, text);
    const key = signByLiteralLoop(BigInt(text));
    await expectKey(page, key);
    expect(await page.locator('#answer p').textContent()).toContain(
      `holds ${Number(buckets.count(key)).toLocaleString('en')} number`,
    );
    expect(await page.locator('#answer strong').textContent()).toBe(
      Number(buckets.indexOf(Number(text))).toLocaleString('en'),
    );
    expect(await page.locator('#reduction tbody tr').count()).toBe(Number(key.slice(0, -2)));
    expect(await page.locator('#reduction tbody tr:last-child td:nth-child(2)').textContent()).toBe(
      key.slice(-2),
    );
    expect(await page.locator('#map .marked text').textContent()).toBe(key);
    expectQuiet(opened);
  });

  test('reduces numbers of any size, thousands of steps abridged', async () => {
    const opened = await openReport(path);
    const { page } = opened;
    const number = `123456789${'7'.repeat(600)}`;
    await typeNumber(page, number);
    const key = signByLiteralLoop(BigInt(number));
    await expectKey(page, key);
    expect(await page.locator('#answer p').textContent()).toContain('outside of the range');
    expect(await page.locator('#reduction tbody tr').count()).toBeLessThan(100);
    await page.getByRole('button', { name: 'Show all' }).click();
    await expect
      .poll(() => page.locator('#reduction tbody tr').count(), { timeout: 30_000 })
      .toBe(Number(key.slice(0, -2)));
    await typeNumber(page, '10**9999');
    await expectKey(page, signByExpression());
    expectQuiet(opened);
  });

  test.each([
    ['9', 'begins at 10'],
    ['', 'is empty'],
    ['<img src=x onerror=alert(1)>', 'is not a number'],
    ['1.5', 'not a whole number'],
    ['-5', 'negative'],
    ['1e99999', 'too large'],
  ])('refuses "%s" in words', async (text, words) => {
    const opened = await openReport(path);
    await typeNumber(opened.page, text);
    await expect
      .poll(() => opened.page.locator('#answer').textContent(), { timeout: 30_000 })
      .toContain(words);
    expect(await opened.page.locator('#number').getAttribute('aria-invalid')).toBe('true');
    expect(await opened.page.locator('.marked').count()).toBe(0);
    expectQuiet(opened);
  });

  test('marks a bucket of the list', async () => {
    const { page } = await openReport(path);
    const button = page.locator('button.key').first();
    const key = (await button.textContent()) ?? '';
    await button.click();
    await expectKey(page, key.trim());
  });

  test.each(['light', 'dark'] as const)('is accessible when %s', async (colorScheme) => {
    const opened = await openReport(path, { colorScheme });
    await opened.page.locator('#map .frame').focus();
    await opened.page.keyboard.press('ArrowDown');
    expect(await findViolations(opened.page)).toEqual([]);
    expectQuiet(opened);
  });

  test('fits a phone', async () => {
    const opened = await openReport(path, { viewport: { width: 390, height: 844 } });
    expect(await opened.page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await findViolations(opened.page)).toEqual([]);
    expectQuiet(opened);
  });

  test('is light on paper, also where the screen is dark', async () => {
    const { page } = await openReport(path, { colorScheme: 'dark' });
    const readInk = async (): Promise<unknown> =>
      await page.evaluate('getComputedStyle(document.body).color');
    const readCell = async (): Promise<unknown> =>
      await page.locator('#map g[aria-label=cell] rect').last().getAttribute('fill');
    const [darkInk, darkCell] = [await readInk(), await readCell()];
    await page.emulateMedia({ media: 'print' });
    expect(await readInk()).not.toBe(darkInk);
    await expect.poll(readCell, { timeout: 30_000 }).not.toBe(darkCell);
  });
});

/** 10^9999 has D(m) = 1 and 9,997 zeros behind it in m. */
function signByExpression(): string {
  return `${1 + 1 + 9997}20`;
}

describeInBrowser('the report of a large table set', () => {
  test('draws 5,608 buckets, and answers for numbers of it', async () => {
    const opened = await openReport(
      await makeReport(await buildSet('--range', '1e9', '--aggregate', 'count', '--layout', 'single')),
    );
    const { page } = opened;
    expect(await page.locator('#map g[aria-label=cell] rect').count()).toBe(5608);
    await typeNumber(page, '987_654_321');
    await expectKey(page, signByLiteralLoop(987_654_321n));
    const index = Number(closedForm('1e9').indexOf(987_654_321)).toLocaleString('en');
    expect(await page.locator('#answer strong').textContent()).toBe(index);
    expectQuiet(opened);
  });

  test('knows counts of 1e40 exactly', async () => {
    const opened = await openReport(
      await makeReport(await buildSet('--range', '1e40', '--aggregate', 'count', '--layout', 'single')),
    );
    const { page } = opened;
    await typeNumber(page, '10**39 + 7');
    const key = signByLiteralLoop(10n ** 39n + 7n);
    await expectKey(page, key);
    const count = BigInt(closedForm('1e40').count(key)).toLocaleString('en');
    expect(await page.locator('#answer p').textContent()).toContain(`holds ${count} numbers`);
    expect(await findViolations(page)).toEqual([]);
    expectQuiet(opened);
  });
});

describeInBrowser('the report of a signature of one’s own', () => {
  test.each([
    ['names', "return 'name ' + (m % 30)", '', [], 30, 'numbers'],
    ['few numbers', 'return m % 100', '', [], 100, 'numbers'],
    ['many numbers', 'return m % 1000', '', [], 143, 'numbers'],
    ['many names', "return 'k' + (m % 1000)", '', [], 0, 'numbers'],
    [
      'values',
      'return m % 1000',
      'valueOf: (n) => Number(n) % 7 - 3.5,',
      ['--aggregate', 'max'],
      143,
      'value',
    ],
  ])('draws %s', async (_, body, rest, args, bars, measure) => {
    const opened = await openReport(
      await makeReport(await buildPlugInSet(body, rest, '--range', '1e4', ...args)),
    );
    const { page } = opened;
    expect(await page.locator('#keys g[aria-label=bar] rect, #keys g[aria-label=rect] rect').count()).toBe(
      bars,
    );
    await page.locator('#keys .frame').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect
      .poll(async () => (await readTip(page)).join(' '), { timeout: 30_000 })
      .toContain(measure === 'value' ? 'mean' : 'numbers');
    expect(await findViolations(page)).toEqual([]);
    expectQuiet(opened);
  });

  test('shows values that are no numbers as text', async () => {
    const mean =
      "aggregates: { pair: { init: () => [0], add: (s) => s, merge: (a) => a, finish: () => ['<b>', 1] } },";
    const opened = await openReport(
      await makeReport(await buildPlugInSet('return m % 3', mean, '--range', '1e3', '--aggregate', 'pair')),
    );
    expect(await opened.page.locator('td bdi').first().textContent()).toBe('["<b>",1]');
    expectQuiet(opened);
  });
});

const HOSTILE_KEYS = [
  '</script><script>window.ran = 1</script>',
  '<img src="http://127.0.0.1:9/x" onerror="window.ran = 1">',
  '"><svg onload="window.ran = 1">',
  '--><script>window.ran = 1</script><!--',
  'a\u2028b\u2029c',
  'half \ud800',
  '\u202eright to left\u2066',
  'x'.repeat(1_000_000),
  '',
  '__proto__',
];

/** A set whose manifest was forged: all that it says is text of a stranger. */
async function forgeSet(change: (document: ReturnType<typeof readDocument>) => void): Promise<string> {
  const cwd = await buildPlugInSet('return m % 10', '', '--range', '1e3');
  const folder = join(cwd, 'tables');
  const document = readDocument(folder);
  change(document);
  writeDocument(folder, document);
  return cwd;
}

describeInBrowser('the report of a hostile table set', () => {
  test('shows what it says as text, and runs none of it', async () => {
    const cwd = await forgeSet((document) => {
      document['signature'] = {
        ...{ name: HOSTILE_KEYS[0], version: HOSTILE_KEYS[1], fileHash: HOSTILE_KEYS[2] },
        options: { [HOSTILE_KEYS[3] ?? '']: HOSTILE_KEYS[0] },
      };
      document.buckets.forEach((bucket, i) => (bucket['key'] = HOSTILE_KEYS[i]));
    });
    const opened = await openReport(await makeReport(cwd));
    const { page } = opened;
    expect(await page.locator('#keys g[aria-label=bar] rect').count()).toBe(10);
    const shown = (await page.locator('tbody code').allTextContents()).join('\n');
    expect(shown).toContain('</script><script>window.ran = 1</script>');
    expect(shown).toContain('a\\u{2028}b\\u{2029}c');
    expect(shown).toContain('half \\u{d800}');
    expect(shown).toContain('\\u{202e}right to left\\u{2066}');
    expect(shown).toContain('(1000000 characters)');
    await page.locator('#keys .frame').focus();
    for (let i = 0; i < HOSTILE_KEYS.length; i++) await page.keyboard.press('ArrowDown');
    expect(await page.evaluate('window.ran')).toBeUndefined();
    expect(await page.locator('img, svg[onload]').count()).toBe(0);
    expect(await findViolations(page)).toEqual([]);
    expectQuiet(opened);
  });

  test('with keys that are none of the built-in signature is drawn another way', async () => {
    const cwd = await forgeSet((document) => {
      document['signature'] = { name: 'reduced', version: '1' };
      document['range'] = { start: '10', end: '1010' };
      document.buckets.forEach((bucket, i) => (bucket['key'] = HOSTILE_KEYS[i]));
    });
    const opened = await openReport(await makeReport(cwd));
    expect(await opened.page.locator('#keys g[aria-label=bar] rect').count()).toBe(10);
    expectQuiet(opened);
  });

  test('may claim any steps, counts and bounds', async () => {
    const cwd = await forgeSet((document) => {
      document['signature'] = { name: 'reduced', version: '1' };
      const end = 10n ** 298n;
      document['range'] = { start: '10', end: String(end) };
      document['count'] = String(end - 10n);
      document.buckets.forEach(
        (bucket, i) => (bucket['key'] = `${10n ** BigInt(i)}${20 + i}`.padStart(4, '0')),
      );
      // One bucket claims all numbers that the others leave.
      const [claiming, ...others] = document.buckets;
      const rest = others.reduce((sum, { count }) => sum + BigInt(String(count)), 0n);
      if (claiming) claiming['count'] = String(end - 10n - rest);
    });
    const opened = await openReport(await makeReport(cwd));
    await opened.page.locator('#map .frame').focus();
    await opened.page.keyboard.press('ArrowRight');
    expect(await opened.page.locator('#map svg').count()).toBe(1);
    expectQuiet(opened);
  });

  test('is refused where it contradicts itself', async () => {
    const cwd = await forgeSet((document) => (document['count'] = '7'));
    const { exitCode, stderr } = await runCommand(['report'], { cwd });
    expect(stderr).toContain('do not add up');
    expect(exitCode).toBe(3);
  });
});
