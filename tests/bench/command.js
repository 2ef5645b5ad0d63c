import { spawn } from 'node:child_process';
import { mkdtempSync, openSync, closeSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MEASURE = fileURLToPath(new URL('measure.py', import.meta.url));
const SIGTABLES = fileURLToPath(new URL('../../bin/sigtables.cjs', import.meta.url));

/** The command line that runs the built sigtables with `args`. */
export function sigtables(...args) {
  return [process.execPath, SIGTABLES, ...args];
}

/**
 * Runs `command` to its end and returns its cost: wall, user and system seconds, peak memory in bytes.
 * Standard input comes from the file `stdin`; standard output is thrown away. Throws when the command fails.
 */
export async function measureCommand(command, { cwd = process.cwd(), env = {}, stdin } = {}) {
  const scratch = mkdtempSync(join(tmpdir(), 'sigtables-measure-'));
  const input = stdin === undefined ? 'ignore' : openSync(stdin, 'r');
  try {
    const result = join(scratch, 'cost.json');
    const options = { cwd, env: { ...process.env, ...env }, stdio: [input, 'ignore', 'inherit'] };
    await runToEnd('python3', [MEASURE, result, ...command], options);
    const { exitStatus, ...cost } = JSON.parse(readFileSync(result, 'utf8'));
    if (exitStatus !== 0) throw new Error(`exit status ${exitStatus} of: ${command.join(' ')}`);
    return cost;
  } finally {
    if (input !== 'ignore') closeSync(input);
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Runs a program to its end; rejects when it cannot start or fails. */
export function runToEnd(program, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, options);
    child.once('error', reject);
    child.once('close', (status) => {
      if (status === 0) resolve();
      else reject(new Error(`exit status ${status} of: ${program} ${args.join(' ')}`));
    });
  });
}
