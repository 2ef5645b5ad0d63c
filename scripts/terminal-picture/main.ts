import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drawRecording } from './animation.js';
import { Recording } from './recording.js';

// Draws docs/terminal.svg from a real session: `npm run picture:terminal`.

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COLUMNS = 92;
const ROWS = 25;
const SESSION = ['build --range 3e8', 'lookup 1667 --from 1000 --limit 3', 'find 1234567', 'verify'];
const TITLE =
  'A terminal: sigtables builds the tables of 3e8 numbers, looks numbers up in them, and verifies them';

const folder = await mkdtemp(join(tmpdir(), 'sigtables-picture-'));
try {
  const recording = new Recording(COLUMNS, ROWS);
  for (const args of SESSION) {
    const command = [process.execPath, join(ROOT, 'bin/sigtables.cjs'), ...args.split(' ')];
    await recording.run(`sigtables ${args}`, command, folder);
  }
  await recording.finish();
  await writeFile(join(ROOT, 'docs/terminal.svg'), drawRecording(recording, TITLE));
} finally {
  await rm(folder, { recursive: true, force: true });
}
