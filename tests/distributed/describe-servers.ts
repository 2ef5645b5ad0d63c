import { afterAll, describe } from 'vitest';
import { describeWith, isInstalled } from '../programs.js';
import { createDatabase, startPostgres, startRedis, type TestServer } from './servers.js';

type StartServer = () => Promise<TestServer>;

/** Declares `tests` for each kind of server that keeps a queue: PostgreSQL, which npm brings, and Redis where it is installed. */
export function describeServers(tests: (start: StartServer) => void): void {
  describePostgres(tests);
  describeWith('redis-server', 'on Redis', () => {
    tests(() => startRedis());
  });
}

/** Declares `tests`, which any server serves, for one: Redis where it is installed, since it starts sooner, or else PostgreSQL. */
export function describeServer(tests: (start: StartServer) => void): void {
  if (!isInstalled('redis-server')) {
    describePostgres(tests);
    return;
  }
  describe('on Redis', () => {
    tests(() => startRedis());
  });
}

/** Declares `tests` on one PostgreSQL, which is made for the first and removed after the last. Each start gives an empty database. */
export function describePostgres(tests: (start: StartServer) => void): void {
  describe('on PostgreSQL', () => {
    let server: Promise<TestServer> | undefined;
    let databases = 0;
    afterAll(async () => {
      await (await server)?.stop();
    });
    tests(async () => createDatabase(await (server ??= startPostgres()), `test${++databases}`));
  });
}
