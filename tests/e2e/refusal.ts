import { expect } from 'vitest';
import { type CommandOptions, type CommandResult, runCommand } from './harness.js';

/** Expects the command to fail with `exitCode` and one line on standard error that `reason` matches. */
export async function expectRefusal(
  args: readonly string[],
  exitCode: number,
  reason: RegExp,
  options: CommandOptions = {},
): Promise<CommandResult> {
  const result = await runCommand(args, options);
  expectRefused(result, exitCode, reason);
  return result;
}

/** Expects what a command has left behind to be a failure as `expectRefusal` expects one. */
export function expectRefused(
  { exitCode, stdout, stderr }: Pick<CommandResult, 'exitCode' | 'stdout' | 'stderr'>,
  status: number,
  reason: RegExp,
): void {
  expect(stderr).toMatch(/^sigtables: [^\n]+\n$/);
  expect(stderr).toMatch(reason);
  expect({ exitCode, stdout }).toEqual({ exitCode: status, stdout: '' });
}
