import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, describe } from 'vitest';
import { describeWith, findProgram } from '../programs.js';

const require = createRequire(import.meta.url);

/** A browser to test with in place of the PATH's Chromium. */
const CHOSEN_BROWSER = process.env['SIGTABLES_TEST_BROWSER'];

/** No request of the browser's own leaves the machine, and none goes through a proxy. */
const BROWSER_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-proxy-server',
];

/** `describe` for tests that need a browser: skipped, with the reason in the name, where there is none. */
export function describeInBrowser(name: string, tests: () => void): void {
  if (CHOSEN_BROWSER === undefined) describeWith('chromium', name, tests);
  else describe(name, tests);
}

/** A page, and all that went on in it since it was opened. */
export interface OpenedPage {
  readonly page: Page;
  /** Errors and warnings on the console, among them what the content security policy refused, and uncaught errors. */
  readonly problems: readonly string[];
  /** The addresses of all requests, the page's own first. */
  readonly requests: readonly string[];
}

let browser: Promise<Browser> | undefined;

afterAll(async () => {
  await (await browser)?.close();
  browser = undefined;
});

/** Opens `url` in a fresh profile, by default 1280 × 900 and light. All of it is closed when the test file has run. */
export async function openPage(url: string, options: BrowserContextOptions = {}): Promise<OpenedPage> {
  const executablePath = CHOSEN_BROWSER ?? findProgram('chromium') ?? 'chromium';
  browser ??= chromium.launch({ executablePath, args: BROWSER_FLAGS });
  const viewport = { width: 1280, height: 900 };
  const context = await (await browser).newContext({ viewport, colorScheme: 'light', ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(url);
  return { page, problems, requests };
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What axe-core finds wrong with the page as it stands: a line for each element. */
export async function findViolations(page: Page): Promise<string[]> {
  const path = require.resolve('axe-core/axe.min.js');
  // The page's content security policy has no say in what the browser is told to evaluate.
  await page.evaluate(await readFile(path, 'utf8'));
  const violations = await page.evaluate<Violation[]>('axe.run().then(({ violations }) => violations)');
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${html} ${failureSummary}`),
  );
}
