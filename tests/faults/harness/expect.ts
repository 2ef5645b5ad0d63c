import type { CommandResult } from './command.js';

/** Throws where the command ended with none of these statuses. */
export function expectStatus(result: CommandResult, statuses: readonly number[], what: string): void {
  if (statuses.includes(result.status)) return;
  const { status, stdout, stderr } = result;
  throw new Error(`${what}: status ${status}, not ${statuses.join(' or ')}\n${stdout}${stderr}`.trimEnd());
}

/** Throws `what` where `isTrue` is not. */
export function expectTrue(isTrue: boolean, what: string): void {
  if (!isTrue) throw new Error(what);
}
