import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createProgram } from '../../src/cli/program.js';
import { VERSION } from '../../src/package.js';
import { writeManual } from './manual.js';

// Writes sigtables.1 from the same source as --help, into the folder that is given, or man/.

const folder = process.argv[2] ?? fileURLToPath(new URL('../../man', import.meta.url));
const require = createRequire(import.meta.url);
const converter = join(dirname(require.resolve('marked-man/package.json')), 'bin/marked-man.js');
const page = execFileSync(
  process.execPath,
  [converter, '--man-version', `sigtables ${VERSION}`, '--manual', 'sigtables'],
  { input: writeManual(createProgram()), encoding: 'utf8' },
);
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'sigtables.1'), polish(page));

/** What marked-man leaves to be done: a whole date, no words broken at the edge, no marks that do nothing, of which mandoc warns. */
function polish(text: string): string {
  const epochS = process.env['SOURCE_DATE_EPOCH'];
  const date = (epochS === undefined ? new Date() : new Date(Number(epochS) * 1000))
    .toISOString()
    .slice(0, 10);
  return text
    .replace(/^(\.TH "[^"]*" "[^"]*") "[^"]*"(.*)$/m, `$1 "${date}"$2\n.nh\n.ad l`)
    .replace(/^(\.S[HS] .*\n)\.P\n/gm, '$1');
}
