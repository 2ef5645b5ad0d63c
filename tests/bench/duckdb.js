import { fileURLToPath } from 'node:url';
import { runToEnd } from './command.js';

/** Its versions carry a suffix that no semver range matches. */
const DUCKDB_PACKAGE = '@duckdb/node-api@1.5.6-r.1';

/** The program that groups with DuckDB: FOLDER_OF_MODULES END CPUS OUT. */
export const DUCKDB = fileURLToPath(new URL('duckdb-group.js', import.meta.url));

/** Fetches DuckDB from the registry into `folder`. */
export async function installDuckdb(folder) {
  const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error', DUCKDB_PACKAGE];
  await runToEnd('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] });
}
