import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { draftInTheWay, draftNameUnfit, draftUnwritable } from '../errors.js';
import { makeFolder } from '../tables/durable.js';
import { writeDefinition, writeTest } from './signature-template.js';

/** The kinds of module that a draft can be; CommonJS is for those who have it already. */
const KINDS = ['.ts', '.mts', '.js', '.mjs'];

/** What was written. */
export interface SignatureDraft {
  /** As the user named it. */
  readonly file: string;
  readonly test: string;
  /** Whether the test finds sigtables where it stands. */
  readonly isInstalled: boolean;
}

/**
 * Writes a signature to start from to `file`, and a test beside it. Throws a USAGE error for a name that is of another kind
 * or taken, and an OUTPUT error where the system refuses; then neither is overwritten.
 */
export async function writeSignatureDraft(file: string): Promise<SignatureDraft> {
  const kind = extname(file);
  const name = basename(file, kind);
  if (!KINDS.includes(kind) || name === '') throw draftNameUnfit(file, KINDS);
  // The test loads the file as a build does, so that it runs wherever Node does, TypeScript or not.
  const test = join(dirname(file), `${name}.test.mjs`);
  for (const path of [file, test]) if (existsSync(path)) throw draftInTheWay(path);
  const folder = dirname(file);
  await makeFolder(folder).catch((error) => {
    throw draftUnwritable(folder, error as Error);
  });
  await writeNew(file, writeDefinition(name, kind.endsWith('ts')));
  await writeNew(test, writeTest(basename(file)));
  return { file, test, isInstalled: canResolve('sigtables', resolve(test)) };
}

async function writeNew(path: string, content: string): Promise<void> {
  try {
    await writeFile(path, content, { flag: 'wx' });
  } catch (error) {
    const cause = error as NodeJS.ErrnoException;
    throw cause.code === 'EEXIST' ? draftInTheWay(path) : draftUnwritable(path, cause);
  }
}

function canResolve(specifier: string, from: string): boolean {
  try {
    createRequire(from).resolve(specifier);
    return true;
  } catch {
    return false;
  }
}
