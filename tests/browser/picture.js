// The picture of a report in the README: node tests/browser/picture.js docs/report.png
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const COMMAND = fileURLToPath(new URL('../../bin/sigtables.js', import.meta.url));
const BROWSER_PATH = process.env.SIGTABLES_TEST_BROWSER ?? '/usr/bin/chromium';
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-proxy-server'];

const out = process.argv[2] ?? 'docs/report.png';
const folder = mkdtempSync(join(tmpdir(), 'sigtables-picture-'));
try {
  const run = (...args) => execFileSync(process.execPath, [COMMAND, ...args], { cwd: folder });
  // Counts are all that the page draws; the lists would be 9.9 GB.
  run('build', '--range', '1e9', '--aggregate', 'count', '--layout', 'single', '-q');
  run('report');
  mkdirSync(dirname(out), { recursive: true });
  await takePicture(pathToFileURL(join(folder, 'report.html')).href);
} finally {
  rmSync(folder, { recursive: true });
}

async function takePicture(url) {
  const browser = await chromium.launch({ executablePath: BROWSER_PATH, args: FLAGS });
  const page = await browser.newPage({ viewport: { width: 1280, height: 1180 }, colorScheme: 'light' });
  await page.goto(url);
  await page.locator('#map .marked').waitFor();
  await page.screenshot({ path: out });
  await browser.close();
}
