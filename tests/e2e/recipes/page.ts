import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../harness.js';

/** What the tests build in place of the ranges on the page. */
export const RANGE = '3e4';

const PAGE = readFileSync(join(ROOT, 'docs', 'recipes.md'), 'utf8');

/** The block of docs/recipes.md whose fence is named `name`, with small ranges and `folder` in the place of /srv/tables. */
export function readRecipe(name: string, folder = '/srv/tables'): string {
  const fence = PAGE.split('\n```').find((part) => part.split('\n')[0]?.endsWith(` name=${name}`));
  if (fence === undefined) throw new Error(`docs/recipes.md has no block "${name}"`);
  const text = fence.slice(fence.indexOf('\n') + 1);
  return text.replaceAll(/\b1e(?:8|9|1\d)\b/g, RANGE).replaceAll('/srv/tables', folder);
}

/** The names of all blocks that tests are to run. */
export function listRecipes(): string[] {
  return [...PAGE.matchAll(/^```\w+ name=(.+)$/gm)].map(([, name = '']) => name);
}

/** The command of a line of a crontab, as cron hands it to the shell. */
export function readCronCommand(line: string): string {
  const [, schedule, command] = /^((?:[\d*,/-]+ ){5})(.*)\n?$/.exec(line) ?? [];
  if (schedule === undefined || command === undefined) throw new Error(`not a crontab line: ${line}`);
  const upToPercent = /^(?:[^%\\]|\\[^])*/.exec(command)?.[0] ?? '';
  return upToPercent.replaceAll('\\%', '%');
}

/** The commands of `- run:` in the job `job` of a workflow, for one value of the matrix. */
export function readRunSteps(workflow: string, job: string, part = ''): string[] {
  const steps = workflow.split(/^ {2}(?=\w+:$)/m).find((text) => text.startsWith(`${job}:\n`));
  const runs = [...(steps ?? '').matchAll(/^ +- run: (.+)$/gm)].map(([, run = '']) => run);
  if (runs.length === 0) throw new Error(`the workflow has no steps in the job "${job}"`);
  return runs.map((run) => run.replaceAll('$' + '{{ matrix.part }}', part));
}

/** The shell lines of the first literal block (`- |`) of a manifest. */
export function readShellArgument(manifest: string): string {
  const [, indent = '', rest = ''] = /^( +)- \|\n([^]*)$/m.exec(manifest) ?? [];
  const lines = rest.split('\n');
  const end = lines.findIndex((line) => !line.startsWith(`${indent}  `));
  return lines.slice(0, end).join('\n');
}
