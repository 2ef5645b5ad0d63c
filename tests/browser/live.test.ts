import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startGatedBuild, type GatedBuild } from '../e2e/gated-build.js';
import { describeInBrowser, findViolations, openPage } from './harness.js';

const PICTURES = process.env['SIGTABLES_TEST_PICTURES'];
let build: GatedBuild | undefined;

afterEach(() => {
  build?.process.kill('SIGKILL');
});

describeInBrowser('the live page', () => {
  test('follows a build to its end', async () => {
    build = await startGatedBuild();
    const { page, problems, requests } = await openPage(build.url);
    const cells = page.locator('.cells i');
    const countCells = (state: string) => page.locator(`.cells i[data-state=${state}]`).count();
    await page.getByRole('heading', { name: 'Building 12,000 numbers' }).waitFor();
    expect(await page.getByRole('status').textContent()).toBe('Running');
    expect(await cells.count()).toBe(12);
    expect([await countCells('done'), await countCells('running')]).toEqual([4, 1]);
    expect(await page.locator('.percent').textContent()).toBe('33%');
    expect(await page.getByRole('row', { name: /^1 job 4 / }).count()).toBe(1);
    expect(await page.title()).toBe('33% · Building 12,000 numbers · sigtables');
    await page.locator('svg path.line').first().waitFor();

    await cells.nth(4).hover();
    const caption = page.locator('#cell');
    expect(await caption.textContent()).toBe('Job 4, numbers 4,000 to 4,999: running');
    await page.locator('.cells').focus();
    await page.keyboard.press('ArrowRight');
    expect(await caption.textContent()).toBe('Job 5, numbers 5,000 to 5,999: waiting');

    await build.open();
    await page.locator('.badge[data-phase=done]').waitFor();
    expect(await page.getByRole('status').textContent()).toBe('Done');
    expect(await countCells('done')).toBe(12);
    expect(await page.locator('.percent').textContent()).toBe('100%');
    expect((await build.process).exitCode).toBe(0);
    expect(problems).toEqual([]);
    expect(requests.every((address) => address.startsWith(build?.url ?? '') || address === 'data:,')).toBe(
      true,
    );
  });

  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
  ] as const)('is for everyone: %s, %i pixels wide', async (colorScheme, width) => {
    build = await startGatedBuild();
    const { page, problems } = await openPage(build.url, { colorScheme, viewport: { width, height: 900 } });
    await page.locator('svg path.line').first().waitFor();
    if (PICTURES !== undefined)
      await page.screenshot({ path: join(PICTURES, `live-${colorScheme}-${width}.png`), fullPage: true });
    expect(await findViolations(page)).toEqual([]);
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate<number>(overflow)).toBe(0);
    expect(problems).toEqual([]);
  });

  test('shows why a build failed, as text', async () => {
    const markup = '<img src=x onerror="document.title=1">';
    build = await startGatedBuild(['--dashboard'], `if (n === 5500) throw new Error('${markup}');`);
    const { page, problems } = await openPage(build.url);
    await page.locator('.cells i').first().waitFor();
    await build.open();
    await page.locator('.badge[data-phase=failed]').waitFor();
    expect(await page.getByRole('status').textContent()).toBe('Failed');
    expect(await page.locator('.ending').textContent()).toContain(`keyOf threw at 5500: Error: ${markup}`);
    expect(await page.locator('.cells i[data-state=failed]').count()).toBe(1);
    expect(await page.locator('img').count()).toBe(0);
    expect(await findViolations(page)).toEqual([]);
    expect(problems).toEqual([]);
  });

  test('says so when a build no longer answers', async () => {
    build = await startGatedBuild();
    const { page } = await openPage(build.url);
    await page.locator('.cells i').first().waitFor();
    build.process.kill('SIGKILL');
    await page.getByText('The build does not answer').waitFor();
    expect(await page.getByRole('status').textContent()).toBe('No answer');
  });
});
