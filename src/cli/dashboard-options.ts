import type { DashboardOptions } from '../distributed/dashboard.js';
import { passwordMissing } from '../errors.js';
import type { Flags } from './flags.js';
import { findSetting, parsePort } from './options.js';
import { resolveQueue } from './queue-options.js';

const OWN_HOSTS = ['127.0.0.1', 'localhost', '::1'];

/** Where a dashboard is to be; rejects with a usage error that names the bad flag or variable. */
export async function resolveDashboard(flags: Flags): Promise<DashboardOptions> {
  const host = findSetting(flags, 'host')?.text ?? '127.0.0.1';
  const password = findSetting({}, 'dashboardPassword')?.text;
  if (!OWN_HOSTS.includes(host) && password === undefined) throw passwordMissing(host);
  const setting = findSetting(flags, 'port');
  const port = setting ? parsePort(setting) : 0;
  return { address: await resolveQueue(flags), host, port, password };
}
