import type { BuildStatus, QueueStatus } from '../distributed/queue-status.js';
import { toOneLine } from '../errors/quoting.js';
import { formatBound, formatCount, formatRate } from '../format.js';
import { writeJson, writeResult } from './output.js';

/** Prints what is on a queue. */
export function printStatus(status: QueueStatus, isJson: boolean): void {
  if (isJson) return writeJson('status', status);
  const builds = status.builds.map(describeBuild);
  const machines = status.machines.map((machine) => {
    const done = `${formatCount(machine.jobs)} jobs done, ${formatCount(machine.failures)} failed`;
    const state = machine.isSilent
      ? `silent since ${formatTime(machine.beatMs)}`
      : `${machine.running} running, ${formatRate(machine.numbersPerS).replace('/s', ' numbers/s')}`;
    return `  ${toOneLine(machine.host)} (process ${machine.pid}): ${machine.threads} threads, ${state}, ${done}`;
  });
  const strange = status.strange.map(
    ({ id, why }) =>
      `  ${toOneLine(id)}: no record of this version (${toOneLine(why)}); sigtables cancel ${toOneLine(id)} removes it`,
  );
  writeResult(
    [
      `${status.place}: ${count(builds.length, 'build')}, ${count(machines.length, 'machine')}`,
      ...builds,
      ...machines,
      ...strange,
    ].join('\n'),
  );
}

function describeBuild(build: BuildStatus): string {
  const { id, out, signature, start, end, jobs, done, again, queued, host, state } = build;
  const range = `${formatBound(BigInt(start))}..${formatBound(BigInt(end))}`;
  const what = state === 'running' && build.isSilent ? `silent since ${formatTime(build.beatMs)}` : state;
  const retried = again === 0 ? '' : `, ${formatCount(again)} tried again`;
  const failed = queued.failed === 0 ? '' : `, ${formatCount(queued.failed)} failed`;
  return [
    `  ${id} ${what} on ${toOneLine(host)}: ${toOneLine(signature)} ${range} into ${toOneLine(out)}`,
    `    ${formatCount(done)} of ${formatCount(jobs)} jobs done, ${queued.waiting} waiting, ${queued.running} running${failed}${retried}`,
  ].join('\n');
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

function formatTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19) + 'Z';
}
