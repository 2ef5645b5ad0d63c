import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReportData } from '../../src/report/report-data.js';
import { createFolder, runCommand } from '../e2e/harness.js';
import { writePlugIn } from '../e2e/plug-ins.js';

/** What `html`, a report, carries for its script. */
export function readData(html: string): ReportData {
  const [, json = ''] = /<script type="application\/json" id="data">([^<]*)<\/script>/.exec(html) ?? [];
  return JSON.parse(json) as ReportData;
}

/** Builds a table set with `args` in a fresh folder, and gives the folder around it. */
export async function buildSet(...args: readonly string[]): Promise<string> {
  const cwd = await createFolder();
  await expectDone(cwd, ['build', ...args, '--out', 'tables', '-q', '--no-sync', '--cpus', '2']);
  return cwd;
}

/** The same of a signature whose `keyOf` has this body, with `m` for the number. */
export async function buildPlugInSet(
  body: string,
  rest: string,
  ...args: readonly string[]
): Promise<string> {
  const cwd = await createFolder();
  const signature = await writePlugIn(cwd, body, rest);
  const flags = ['--signature', signature, '--layout', 'single', '--out', 'tables', '-q', '--cpus', '2'];
  await expectDone(cwd, ['build', ...flags, ...args]);
  return cwd;
}

/** Writes the report of the table set in `cwd` and gives its path. */
export async function makeReport(cwd: string): Promise<string> {
  await expectDone(cwd, ['report']);
  return join(cwd, 'report.html');
}

/** The text of that report. */
export async function readReport(cwd: string): Promise<string> {
  return await readFile(await makeReport(cwd), 'utf8');
}

async function expectDone(cwd: string, args: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await runCommand(args, { cwd });
  if (exitCode !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
}
