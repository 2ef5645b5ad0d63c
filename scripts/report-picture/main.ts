import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { chromium } from 'playwright-core';

// Takes docs/report.png, the picture of a report in the README: `npm run picture:report`.

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BROWSER_PATH = process.env['SIGTABLES_TEST_BROWSER'] ?? '/usr/bin/chromium';
const BROWSER_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--no-proxy-server',
];

const folder = await mkdtemp(join(tmpdir(), 'sigtables-picture-'));
try {
  const run = async (...args: string[]): Promise<unknown> =>
    execa(process.execPath, [join(ROOT, 'bin/sigtables.cjs'), ...args], { cwd: folder });
  // Counts are all that the page draws; the lists would be 9.9 GB.
  await run('build', '--range', '1e9', '--aggregate', 'count', '--layout', 'single', '-q');
  await run('report');
  await takePicture(pathToFileURL(join(folder, 'report.html')).href);
} finally {
  await rm(folder, { recursive: true });
}

async function takePicture(url: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: BROWSER_PATH, args: BROWSER_FLAGS });
  const page = await browser.newPage({ viewport: { width: 1280, height: 1180 }, colorScheme: 'light' });
  await page.goto(url);
  await page.locator('#map .marked').waitFor();
  await page.screenshot({ path: join(ROOT, 'docs/report.png') });
  await browser.close();
}
