import { HELP, readFlags } from './flags.js';
import { simulateBuild } from './outcome.js';
import { formatTable } from './table.js';
import { UnitError } from './units.js';

const SCHEMA_VERSION = 1;

function runCommand(args: readonly string[]): string {
  const { isHelp, isJson, price, cases } = readFlags(args);
  if (isHelp) return HELP;
  const rows = cases.map(({ range, machines, model }) => ({
    range,
    machines,
    outcome: simulateBuild(model),
  }));
  return isJson
    ? `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, builds: rows }, null, 2)}\n`
    : formatTable(rows, price);
}

try {
  process.stdout.write(runCommand(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof UnitError)) throw error;
  process.stderr.write(`simulate: ${error.message}\n`);
  process.exitCode = 2;
}
