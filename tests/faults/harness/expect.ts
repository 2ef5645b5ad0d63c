import type { FaultContext } from '../fault.js';
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

/**
 * Throws `what` where a long run's trial took longer than it may. A short run is made anywhere, beside anything, so that there being late
 * is only noted.
 */
export function expectSoon(
  { isLong, note }: Pick<FaultContext, 'isLong' | 'note'>,
  tookMs: number,
  mostMs: number,
  what: string,
): void {
  if (tookMs <= mostMs) return;
  const late = `${what}: it took ${tookMs.toFixed(0)} ms, not at most ${mostMs.toFixed(0)}`;
  if (isLong) throw new Error(late);
  note('late');
}
