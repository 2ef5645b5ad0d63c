import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureCommand, sigtables } from './command.js';
import { say } from './figures.js';
import { clearFolder } from './folders.js';

const SOURCE = fileURLToPath(new URL('scan.c', import.meta.url));
const FIRST = 10;

/** Every number of a built range exactly once under its signature: by the definition, in a program of its own. */
export async function benchScan({ range, cpus, out }) {
  const folder = join(out, 'scanned');
  const scratch = mkdtempSync(join(tmpdir(), 'sigtables-scan-'));
  try {
    const program = join(scratch, 'scan');
    execFileSync('cc', ['-O2', '-o', program, SOURCE]);
    clearFolder(folder);
    await measureCommand(
      sigtables('build', '--range', range, '--cpus', cpus, '--out', folder, '-q', '--no-sync'),
    );
    const files = readdirSync(folder).filter((name) => /^\d+\.json$/.test(name));
    const shares = Array.from({ length: Number(cpus) }, (_, i) => files.filter((_, at) => at % cpus === i));
    const counts = await Promise.all(
      shares.map((names) =>
        runScan(
          program,
          range,
          names.map((name) => join(folder, name)),
        ),
      ),
    );
    const found = counts.reduce((sum, count) => sum + count, 0);
    const expected = Number(range) - FIRST;
    say(`scan ${range}: ${found} numbers in ${files.length} files, each under its signature, of ${expected}`);
    if (found !== expected) throw new Error(`${expected - found} numbers are missing`);
    return { range, files: files.length, found };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    clearFolder(folder);
  }
}

function runScan(program, range, paths) {
  return new Promise((resolve, reject) => {
    const args = [String(FIRST), String(Number(range)), ...paths];
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.once('error', reject);
    child.once('close', (status) =>
      status === 0 ? resolve(Number(text)) : reject(new Error(`the scan failed (${status})`)),
    );
  });
}
