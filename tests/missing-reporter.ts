import type { Reporter, TestModule } from 'vitest/node';
import { findPackage } from './programs.js';

const REASON = /\(skipped: ([^)]+)\)/;
const PROGRAM = /^(\S+) is not installed$/;

/** Ends a run with one line: what was not tested for want of what, and the command that installs the programs. */
export default class MissingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const line = tellSkipped(listReasons(modules));
    if (line !== undefined) process.stdout.write(`${line}\n`);
  }
}

/** The reason of each skipped test that has one in its name, or that gave one when it skipped itself. */
function listReasons(modules: readonly TestModule[]): string[] {
  const reasons: string[] = [];
  for (const module of modules)
    for (const skipped of module.children.allTests('skipped')) {
      const result = skipped.result();
      const note = result.state === 'skipped' ? result.note : undefined;
      const reason = REASON.exec(skipped.fullName)?.[1] ?? note;
      if (reason !== undefined) reasons.push(reason);
    }
  return reasons;
}

/** The line for the reasons of skipped tests, one each; undefined where there are none. */
export function tellSkipped(reasons: readonly string[]): string | undefined {
  if (reasons.length === 0) return undefined;
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const list = [...counts].map(([reason, count]) => `${reason} (${count})`).join('; ');
  const programs = [...counts.keys()].flatMap((reason) =>
    reason.split(', ').flatMap((part) => PROGRAM.exec(part)?.[1] ?? []),
  );
  const packages = programs.map(findPackage).filter((name) => name !== undefined);
  const install = [...new Set(packages)].sort().join(' ');
  return `Not tested: ${list}.${install === '' ? '' : ` Install: sudo apt-get install ${install}`}`;
}
