import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureCommand, sigtables } from './command.js';
import { formatCost, medianOf, say } from './figures.js';
import { clearFolder } from './folders.js';

const READ_AND_SUM = fileURLToPath(new URL('read-and-sum.js', import.meta.url));

/** `verify`, quick and deep, against reading the same files with `cat`, and against reading and summing them without anything else, in turns. */
export async function benchVerify({ range, cpus, rounds, out }) {
  const folder = join(out, 'verified');
  clearFolder(folder);
  await measureCommand(
    sigtables('build', '--range', range, '--cpus', cpus, '--out', folder, '-q', '--no-sync'),
  );
  const commands = {
    cat: ['sh', '-c', 'cat "$0"/*.json > /dev/null', folder],
    sum: [process.execPath, READ_AND_SUM, folder, String(cpus)],
    quick: sigtables('verify', folder, '--cpus', cpus, '-q'),
    deep: sigtables('verify', folder, '--deep', '--cpus', cpus, '-q'),
  };
  await measureCommand(commands.cat); // fills the page cache, as far as the files fit
  const costs = { cat: [], sum: [], quick: [], deep: [] };
  for (let round = 0; round < rounds; round++) {
    for (const [name, command] of Object.entries(commands)) {
      const cost = await measureCommand(command);
      costs[name].push(cost);
      say(`verify round ${round + 1}: ${name} ${formatCost(cost)}`);
    }
  }
  clearFolder(folder);
  const ratioOf = (name) =>
    medianOf(costs[name].map((cost, i) => cost.wallSeconds / costs.cat[i].wallSeconds));
  const ratios = { sum: ratioOf('sum'), quick: ratioOf('quick'), deep: ratioOf('deep') };
  say(
    `  median ratio to cat: quick ${ratios.quick.toFixed(2)} (goal 1.2; reading and summing alone ${ratios.sum.toFixed(2)}), deep ${ratios.deep.toFixed(2)} (goal 2.0)`,
  );
  return { range, cpus, ratios, costs };
}
