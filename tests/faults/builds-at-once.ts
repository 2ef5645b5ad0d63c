import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mkdtempSync, writeFileSync } from 'node:fs';
import type { Fault } from './fault.js';
import { runCommand, startCommand, type CommandResult } from './harness/command.js';
import { expectSoon, expectStatus, expectTrue } from './harness/expect.js';
import { measureIdle } from './harness/idle.js';
import { SUITE } from './harness/suite.js';
import { expectSameTree, readTree, type Tree } from './harness/tree.js';
import { WAITING_PLUG_IN } from './harness/waiting.js';

/** What a loser has, on top of the time that as many commands take at once to start up and be refused. */
const LOSE_MS = 1_000;
/** By then all losers have ended, however busy the machine is. */
const WAIT_MS = 120_000;
const BUILD = [
  'build',
  '--signature',
  './plug-in.mjs',
  '--range',
  '1000',
  '--out',
  'tables',
  '--progress',
  'none',
];

export const buildsAtOnce: Fault = {
  name: 'builds-at-once',
  fault: 'two to eight builds started at once in one folder',
  must: 'one wins; the others end with 4 within a second (on top of starting up), naming the holder',
  counts: { short: 3, long: 100 },
  isTimed: true,
  run: async (context, random) => {
    const cwd = context.folder;
    const builds = random.between(2, 8);
    const allowedMs = LOSE_MS + 1.5 * (await measureIdle(builds));
    writeFileSync(join(cwd, 'plug-in.mjs'), WAITING_PLUG_IN);
    const running = Array.from({ length: builds }, () => startCommand(BUILD, { cwd }));
    const results: CommandResult[] = [];
    for (const { ended } of running) void ended.then((result) => results.push(result));
    const startMs = performance.now();
    while (results.length < builds - 1 && performance.now() - startMs < WAIT_MS) await sleep(10);
    const winners = running.filter(({ hasEnded }) => !hasEnded());
    const losers = [...results];
    writeFileSync(join(cwd, 'go'), '');
    const ended = await Promise.all(running.map((build) => build.ended));
    expectTrue(
      winners.length === 1,
      `${winners.length} builds were at work:\n${ended.map(({ stderr }) => stderr).join('')}`,
    );
    for (const loser of losers) {
      expectStatus(loser, [4], 'a loser');
      const holder = String(winners[0]?.process.pid);
      expectTrue(
        new RegExp(`\\b${holder}\\b`).test(loser.stderr),
        `process ${holder} is not named: ${loser.stderr}`,
      );
      expectSoon(context, loser.elapsedMs, allowedMs, 'a loser');
    }
    expectStatus((await winners[0]?.ended)!, [0], 'the winner');
    expectSameTree(readTree(join(cwd, 'tables')), await readExpected(), 'the tables of the winner');
  },
};

let expected: Promise<Tree> | undefined;

function readExpected(): Promise<Tree> {
  expected ??= buildAlone();
  return expected;
}

async function buildAlone(): Promise<Tree> {
  const cwd = mkdtempSync(join(SUITE.folder, 'alone-'));
  writeFileSync(join(cwd, 'plug-in.mjs'), WAITING_PLUG_IN);
  writeFileSync(join(cwd, 'go'), '');
  expectStatus(await runCommand(BUILD, { cwd }), [0], 'one build alone');
  return readTree(join(cwd, 'tables'));
}
