import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, test, type TestContext } from 'vitest';

/** Programs that npm cannot bring and that CI does not install, with Debian's package of each, or none. */
const OTHERS: Readonly<Record<string, string | undefined>> = {
  bash: 'bash',
  duckdb: undefined,
  jq: 'jq',
  prlimit: 'util-linux',
  pwsh: undefined,
  python3: 'python3',
  scontrol: 'slurm-client',
  setpriv: 'util-linux',
};

const IN_CI = readDebianPackages();

/** Programs that CI installs, by .ci/debian-packages: program to package. */
function readDebianPackages(): ReadonlyMap<string, string> {
  const lines = readFileSync(new URL('../.ci/debian-packages', import.meta.url), 'utf8').split('\n');
  const entries = lines.filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    entries.map((line) => line.split(/\s+/)).map(([name = '', program = '']) => [program, name]),
  );
}

/** The Debian package that installs `program`, or undefined where Debian has none. */
export function findPackage(program: string): string | undefined {
  return IN_CI.get(program) ?? OTHERS[program];
}

/** The path of a program: the first of the PATH, then of the folders for administrators. Undefined where none has it. */
export function findProgram(program: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders
    .map((folder) => join(folder, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

export function isInstalled(program: string): boolean {
  return findProgram(program) !== undefined;
}

/** Which of `programs` are missing, in the words of a skipped test's name; undefined where none is. */
function tellMissing(programs: readonly string[]): string | undefined {
  for (const program of programs)
    if (!IN_CI.has(program) && !(program in OTHERS))
      throw new Error(`tests/programs.ts does not know ${program}`);
  const missing = programs.filter((program) => !isInstalled(program));
  return missing.length === 0
    ? undefined
    : missing.map((program) => `${program} is not installed`).join(', ');
}

/** With `CI` set, what CI installs must be there. */
function isFailure(programs: readonly string[]): boolean {
  const isCI = (process.env['CI'] ?? '') !== '';
  return isCI && programs.some((program) => IN_CI.has(program) && !isInstalled(program));
}

/**
 * A suite of tests that start `programs`. Without one of them they are skipped, and the suite's name says why; with `CI` set they fail if
 * .ci/debian-packages has it. The reporter missing-reporter.ts lists at the end what was skipped.
 */
export function describeWith(programs: string | readonly string[], name: string, tests: () => void): void {
  const wanted = [programs].flat();
  const missing = tellMissing(wanted);
  if (missing === undefined) describe(name, tests);
  else if (isFailure(wanted))
    describe(name, () => {
      failFor(missing, 'has its programs');
    });
  else describe.skip(`${name} (skipped: ${missing})`, tests);
}

/** A test that starts `programs`: see `describeWith`. */
export function testWith(
  programs: string | readonly string[],
  name: string,
  run: (context: TestContext) => Promise<void>,
  timeoutMs?: number,
): void {
  const wanted = [programs].flat();
  const missing = tellMissing(wanted);
  if (missing === undefined) test(name, run, timeoutMs);
  else if (isFailure(wanted)) failFor(missing, name);
  else test.skip(`${name} (skipped: ${missing})`, run);
}

/** A test that needs what not every machine allows; where `reason` is given it is skipped with that in its name. */
export function testUnless(reason: string | undefined, name: string, run: () => Promise<void>): void {
  if (reason === undefined) test(name, run);
  else test.skip(`${name} (skipped: ${reason})`, run);
}

function failFor(missing: string, name: string): void {
  test(name, () => {
    throw new Error(`${missing}; CI installs it by .ci/install-debian-packages`);
  });
}
