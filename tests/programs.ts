import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, test } from 'vitest';

/** Programs that npm cannot bring. Each has the name of the Debian package that installs it. */
export type Program = 'bash' | 'jq' | 'python3' | 'redis-server' | 'tmux';

/** Whether a folder of the PATH holds the program. */
export function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * A suite of tests that start `program`. Without it they are skipped, and the suite's name says why; with `CI` set they fail. The reporter
 * missing-reporter.ts lists at the end what was skipped.
 */
export function describeWith(program: Program, name: string, tests: () => void): void {
  if (isInstalled(program)) {
    describe(name, tests);
  } else if (process.env['CI']) {
    describe(name, () => {
      test(`${program} is installed`, () => {
        throw new Error(`${program} is not on the PATH: sudo apt-get install ${program}`);
      });
    });
  } else {
    describe.skip(`${name} (skipped: ${program} is not installed)`, tests);
  }
}
