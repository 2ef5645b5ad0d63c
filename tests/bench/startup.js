import { join } from 'node:path';
import { measureCommand, sigtables } from './command.js';
import { medianOf, say } from './figures.js';
import { clearFolder } from './folders.js';

const ROUNDS = 10;

/** How long a command takes that has almost nothing to do, beside a bare Node. */
export async function benchStartup({ out, cpus }) {
  const folder = join(out, 'startup');
  const build = sigtables('build', '--range', '1e4', '--cpus', cpus, '--out', folder, '--quiet');
  const commands = {
    'node -e 0': [process.execPath, '-e', '0'],
    'sigtables --version': sigtables('--version'),
    'sigtables --help': sigtables('--help'),
    'sigtables sign 1234567': sigtables('sign', '1234567'),
    'sigtables build --range 1e4': build,
    'sigtables build --range 1e4 --no-sync': [...build, '--no-sync'],
  };
  const seconds = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, command] of Object.entries(commands)) {
      seconds[name].push((await measureCommand(command)).wallSeconds);
      clearFolder(folder);
    }
  const medians = Object.fromEntries(
    Object.entries(seconds).map(([name, values]) => [name, medianOf(values)]),
  );
  for (const [name, value] of Object.entries(medians))
    say(`startup ${(value * 1000).toFixed(0)} ms: ${name}`);
  return medians;
}
