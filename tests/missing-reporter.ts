import type { Reporter, TestModule } from 'vitest/node';

const REASON = /\(skipped: (\S+) is not installed\)/;

/** Ends a run with one line: which programs were missing, how many tests were skipped for each, and what installs them. */
export default class MissingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const line = tellMissing(modules);
    if (line !== undefined) process.stdout.write(`${line}\n`);
  }
}

function tellMissing(modules: readonly TestModule[]): string | undefined {
  const skipped = new Map<string, number>();
  for (const module of modules)
    for (const { fullName } of module.children.allTests('skipped')) {
      const program = REASON.exec(fullName)?.[1];
      if (program !== undefined) skipped.set(program, (skipped.get(program) ?? 0) + 1);
    }
  if (skipped.size === 0) return undefined;
  const counts = [...skipped].map(([program, count]) => `${program} (${count})`).join(', ');
  return `Tests skipped for want of a program: ${counts}. Install: sudo apt-get install ${[...skipped.keys()].join(' ')}`;
}
