import type { DashboardOptions } from '../distributed/dashboard.js';
import { passwordMissing, portMalformed } from '../errors.js';
import type { Flags } from './flags.js';
import { findSetting } from './options.js';
import { resolveQueue } from './queue-options.js';

const OWN_HOSTS = ['127.0.0.1', 'localhost', '::1'];

/** Where a dashboard is to be; rejects with a usage error that names the bad flag or variable. */
export async function resolveDashboard(flags: Flags): Promise<DashboardOptions> {
  const host = findSetting(flags, 'host')?.text ?? '127.0.0.1';
  const password = findSetting({}, 'dashboardPassword')?.text;
  if (!OWN_HOSTS.includes(host) && password === undefined) throw passwordMissing(host);
  const given = findSetting(flags, 'port');
  const port = given === undefined ? 0 : /^\d{1,5}$/.test(given.text) ? Number(given.text) : NaN;
  if (!(port < 65_536)) throw portMalformed(given?.name ?? '--port', given?.text ?? '');
  return { address: await resolveQueue(flags), host, port, password };
}
