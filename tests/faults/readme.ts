import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FAULTS } from './faults.js';
import { SUITE } from './harness/suite.js';
import { summarize, type FaultResult } from './run-fault.js';

const BEGIN = '<!-- results: written by npm run test:faults -- --write-readme -->';
const END = '<!-- end of results -->';
const HEAD = ['| fault | must happen | run | found and mended |', '| --- | --- | --- | --- |'];

/** Puts a row for each result into the README; rows of other faults stay as they were. */
export async function writeReadme(
  results: readonly FaultResult[],
  seed: string,
  isLong: boolean,
): Promise<void> {
  const path = join(SUITE.root, 'tests', 'faults', 'README.md');
  const text = await readFile(path, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${path} has no place for the results`);
  const rows = new Map<string, string>();
  for (const row of text.slice(from, to).split('\n')) {
    const name = /^\|[^|]*\(`([\w-]+)`\)/.exec(row)?.[1];
    if (name !== undefined) rows.set(name, row);
  }
  const day = new Date().toISOString().slice(0, 10);
  for (const result of results) {
    const { name, fault, must, found = 'nothing' } = result.fault;
    const run = `${summarize(result)}. ${day}, ${isLong ? 'long' : 'short'} run, seed ${seed}`;
    rows.set(name, `| ${[`${fault} (\`${name}\`)`, must, run, found].map(escape).join(' | ')} |`);
  }
  const ordered = FAULTS.flatMap(({ name }) => rows.get(name) ?? []);
  const table = [BEGIN, '', ...HEAD, ...ordered, '', ''].join('\n');
  await writeFile(path, text.slice(0, from) + table + text.slice(to));
}

function escape(cell: string): string {
  return cell.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
