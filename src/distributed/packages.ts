import type * as BullMq from 'bullmq';
import type * as IoRedis from 'ioredis';
import type Postgres from 'pg';
import { packageMissing } from '../errors.js';

// The packages that only work on several machines needs: a plain install has none of them.

/** What each of them is installed with. */
const INSTALL = {
  bullmq: 'npm install bullmq@6',
  ioredis: 'npm install ioredis@5',
  pg: 'npm install pg@8',
  '@bull-board/api': 'npm install @bull-board/api@9 @bull-board/express@9',
  '@bull-board/express': 'npm install @bull-board/api@9 @bull-board/express@9',
} as const;

/** Imports BullMQ. Throws USAGE with the command that installs it, where it is missing; so do those below. */
export async function importBullMq(): Promise<typeof BullMq> {
  return importOptional('bullmq', () => import('bullmq'));
}

/** Imports the client of Redis. */
export async function importRedis(): Promise<Pick<typeof IoRedis, 'Redis'>> {
  return importOptional('ioredis', () => import('ioredis'));
}

/** Imports the client of PostgreSQL. */
export async function importPostgres(): Promise<typeof Postgres> {
  return (await importOptional('pg', () => import('pg'))).default;
}

/** Runs an import of the package `name`. */
export async function importOptional<T>(name: keyof typeof INSTALL, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isMissing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
    if (isMissing && message.includes(name)) throw packageMissing(name, INSTALL[name]);
    throw error;
  }
}
