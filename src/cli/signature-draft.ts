import { constants, existsSync } from 'node:fs';
import { copyFile, link, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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
 * or taken, and an OUTPUT error where the system refuses. Then neither is overwritten, and neither is left behind.
 */
export async function writeSignatureDraft(file: string): Promise<SignatureDraft> {
  const kind = extname(file);
  const name = basename(file, kind);
  if (!KINDS.includes(kind) || name === '') throw draftNameUnfit(file, KINDS);
  // The test loads the file as a build does, so that it runs wherever Node does, TypeScript or not.
  const test = join(dirname(file), `${name}.test.mjs`);
  const drafts: Draft[] = [
    { path: file, content: writeDefinition(name, kind.endsWith('ts')) },
    { path: test, content: writeTest(basename(file)) },
  ];
  const missing = await listMissing(drafts);
  const folder = dirname(file);
  await makeFolder(folder).catch((error) => {
    throw draftUnwritable(folder, error as Error);
  });
  await writeTogether(folder, missing);
  return { file, test, isInstalled: canResolve('sigtables', resolve(test)) };
}

interface Draft {
  readonly path: string;
  readonly content: string;
}

/** Those to write. One that is there as it would be written, without the other, is what a killed run left. */
async function listMissing(drafts: readonly Draft[]): Promise<Draft[]> {
  const missing = drafts.filter(({ path }) => !existsSync(path));
  const [first] = drafts.filter((draft) => !missing.includes(draft));
  if (!first) return missing;
  const isOurs = missing.length > 0 && (await readFile(first.path, 'utf8').catch(() => '')) === first.content;
  if (!isOurs) throw draftInTheWay(first.path);
  return missing;
}

/** All of them or none: they get their names when all of their bytes are on the disk, and lose them if one cannot have its own. */
async function writeTogether(folder: string, drafts: readonly Draft[]): Promise<void> {
  const named: string[] = [];
  let path = drafts[0]!.path;
  let waiting: string | undefined;
  try {
    waiting = await mkdtemp(join(folder, '.init-signature-'));
    for (const draft of drafts) {
      path = draft.path;
      await writeFile(join(waiting, basename(path)), draft.content, { flush: true });
    }
    for (const draft of drafts) {
      path = draft.path;
      await giveName(join(waiting, basename(path)), path);
      named.push(path);
    }
  } catch (error) {
    for (const each of named) await rm(each, { force: true });
    const cause = error as NodeJS.ErrnoException;
    throw cause.code === 'EEXIST' ? draftInTheWay(path) : draftUnwritable(path, cause);
  } finally {
    if (waiting !== undefined) await rm(waiting, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** A link fails where the name is taken, as a rename would not; on a disk without links a copy does so too. */
async function giveName(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) throw error;
    await copyWhole(from, to);
  }
}

async function copyWhole(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rm(to, { force: true });
    throw error;
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
