import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureCommand, sigtables } from './command.js';
import { medianCost, formatCost, say } from './figures.js';

const LINES = 1_000_000;

/** Lines per second of `sigtables sign -`, the start of the process included. */
export async function benchSign({ out, rounds }) {
  mkdirSync(out, { recursive: true });
  const results = {};
  for (const digits of [7, 12, 30]) {
    const stdin = join(out, `numbers-${digits}.txt`);
    writeFileSync(stdin, generateLines(digits));
    const costs = [];
    for (let round = 0; round < rounds; round++)
      costs.push(await measureCommand(sigtables('sign', '-'), { stdin }));
    const cost = medianCost(costs);
    const linesPerSecond = Math.round(LINES / cost.wallSeconds);
    say(`sign, ${digits} digits: ${(linesPerSecond / 1e6).toFixed(2)} million lines/s (${formatCost(cost)})`);
    results[`${digits} digits`] = { linesPerSecond, cost };
  }
  return results;
}

/** Numbers of exactly so many digits, the same ones every time. */
function generateLines(digits) {
  const lines = new Array(LINES);
  let state = 12345;
  for (let i = 0; i < LINES; i++) {
    let line = '1';
    while (line.length < digits) line += state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    lines[i] = line.slice(0, digits);
  }
  return `${lines.join('\n')}\n`;
}
