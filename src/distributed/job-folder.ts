import { randomBytes } from 'node:crypto';
import { mkdir, realpath, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, relative, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jobsFolderOf } from '../build/commit.js';
import { folderEscapes, folderUnseen, jobNotOfBuild, outOutsideRoot, rootIsNoFolder } from '../errors.js';
import { inHeldFolder } from '../files/held-folder.js';
import { isNoPlainFile, readPlainFile } from '../files/plain-file.js';
import { FOLDER_LAG_MS } from '../limits.js';
import { hashTerms, type JobData, type JobTerms } from './job-data.js';
import { ForeignJob } from './refusal.js';

/** The file by which a worker sees that it looks at the build's own folder, and that a job is what the build gives out. */
export const TOKEN_FILE = 'token';

/** A token has 32 digits. */
const TOKEN_MAX_BYTES = 1024;

const LOOK_AGAIN_MS = 250;

/** The folder of a build's results, below its output folder. */
export function resultsFolderOf(out: string, build: string): string {
  return join(jobsFolderOf(out), build);
}

/**
 * Runs `use` with a path to a folder below the folder of results, or to that itself, in which no link was followed from the output
 * folder on. Throws as `inHeldFolder` does.
 */
export function inResultsFolder<T>(
  folder: string,
  names: readonly string[],
  use: (path: string) => T | Promise<T>,
): Promise<T> {
  const out = join(folder, '..', '..', '..');
  return inHeldFolder(out, [...relative(out, folder).split(sep), ...names], use);
}

/** The name of a job's result there; it stands in job ids too. */
export function nameResult(job: number): string {
  return String(job);
}

/** The real path of `--root`. Throws USAGE where it is no folder. */
export async function openRoot(root: string): Promise<string> {
  const real = await realpath(root).catch(() => undefined);
  if (real === undefined || !(await stat(real)).isDirectory()) throw rootIsNoFolder(root);
  return real;
}

/** The output folder as jobs name it: from the root on, with slashes. `out` exists. Throws USAGE where it is elsewhere. */
export async function describeOut(out: string, root: string): Promise<string> {
  const way = relative(await openRoot(root), await realpath(out));
  if (way === '' || way === '..' || way.startsWith(`..${sep}`)) throw outOutsideRoot(out, root);
  return way.split(sep).join('/');
}

/** What the token file of a build holds that gives out jobs of these terms: its token, and their hash. */
export function encodeToken(terms: JobTerms): string {
  return `${terms.token} ${hashTerms(terms)}\n`;
}

/**
 * The real path of the folder for a build's results, below the real path `root`. Throws JOB where a link leads out of the root, OUTPUT
 * where the folder, or the build's token in it, is not seen, also not after a while; and a ForeignJob where the token is there but the job has
 * other terms than the build gives out.
 */
export async function findJobsFolder(root: string, wanted: JobData, lagMs = FOLDER_LAG_MS): Promise<string> {
  const expected = join(root, ...wanted.out.split('/'));
  const untilMs = performance.now() + lagMs;
  for (;;) {
    const problem = await look(root, expected, wanted);
    if (problem === undefined) return resultsFolderOf(expected, wanted.build);
    if (performance.now() > untilMs && problem === OTHER_TERMS)
      throw new ForeignJob(jobNotOfBuild(`${wanted.build}-${wanted.job}`, expected));
    if (performance.now() > untilMs) throw folderUnseen(hostname(), expected, root, problem);
    await sleep(LOOK_AGAIN_MS);
  }
}

/** The folder is the build's, but the job is not: or the mount shows the file as it was. */
const OTHER_TERMS = 'its jobs have other terms';

/** What keeps the folder from being used; nothing where nothing does. */
async function look(root: string, out: string, wanted: JobTerms): Promise<string | undefined> {
  const { out: way, build, token } = wanted;
  const folder = resultsFolderOf(out, build);
  try {
    const real = await realpath(folder);
    const isInside = real.startsWith(root.endsWith(sep) ? root : root + sep);
    // A link on the way to the output folder may lead to another place in the root; one within it is not ours.
    const isOurs = real === resultsFolderOf(await realpath(out), build);
    if (!isInside || !isOurs) throw folderEscapes(way, root);
    const found = readToken(folder);
    if (found === encodeToken(wanted)) return undefined;
    return found.startsWith(`${token} `) ? OTHER_TERMS : 'another build is there';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'it is not there';
    if (isNoPlainFile(error) || code === 'EFBIG') return `its ${TOKEN_FILE} is not a plain file`;
    throw error;
  }
}

function readToken(folder: string): string {
  return readPlainFile(join(folder, TOKEN_FILE), TOKEN_MAX_BYTES).toString();
}

/** Whether the build still stands by its jobs: its token is there. */
export function holdsToken(folder: string, terms: JobTerms): boolean {
  try {
    return readToken(folder) === encodeToken(terms);
  } catch {
    return false;
  }
}

/** Makes a folder for a job's result that no other attempt uses; the folder of all results must be there. */
export async function makeAttemptFolder(folder: string, job: number): Promise<string> {
  const name = `${nameResult(job)}.${randomBytes(6).toString('hex')}`;
  await inResultsFolder(folder, [], (held) => mkdir(join(held, name)));
  return join(folder, name);
}
