import { shorten, toOneLine } from './quoting.js';
import { SigtablesError } from './sigtables-error.js';

// What goes wrong where a build is shared by several machines. A queue is named without its credentials.

const QUEUE_FORMS = 'redis://HOST:6379, rediss://HOST:6379 or postgres://HOST/DATABASE';

/** Characters of what another machine says: room for a plug-in's own words, and one line still. */
const QUOTED_CHARS = 2000;

/** What another machine or the queue says, in one line. */
export function quoteMachine(text: string): string {
  return toOneLine(text, QUOTED_CHARS);
}

/** What a build says of a job that is tried again; an empty `reason` stands for a worker that was lost. */
export function describeRetry(job: number, reason: string, host: string | undefined): string {
  const where = host === undefined ? '' : ` (was on ${quoteMachine(host)})`;
  return `job ${job} is tried again${where}: ${reason === '' ? 'its worker was lost' : quoteMachine(reason)}`;
}

/** What a build says of a job of its own that somebody else has changed in the queue. */
export function describeForeignJob(job: number): string {
  return `job ${job} in the queue is not what this build gave out, and is given out again: see who may write to the queue`;
}

/** No queue is named. */
export function queueMissing(): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `a queue is needed: set SIGTABLES_QUEUE, or give --queue or --queue-file, with ${QUEUE_FORMS}`,
  );
}

/** What `name` gives is no URL of a queue; it is not quoted, since it may hold a password. */
export function queueMalformed(name: string): SigtablesError {
  return new SigtablesError('USAGE', `${name} is no queue: expected ${QUEUE_FORMS}`);
}

/** The URL's password holds what ends a host in a URL. The URL is not quoted. */
export function queuePasswordUnescaped(name: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${name} is no queue: an @ stands behind its host, so the user or password seems to hold a character that URLs give a meaning; write / as %2F, ? as %3F, # as %23, @ as %40 there`,
  );
}

/** A file with the URL, or with a certificate, cannot be read. */
export function queueFileUnreadable(name: string, path: string, cause: Error): SigtablesError {
  return new SigtablesError('USAGE', `${name}: cannot read ${path}: ${cause.message}`, { cause });
}

/** A certificate for a connection that is not encrypted. */
export function certificateUnused(name: string): SigtablesError {
  return new SigtablesError('USAGE', `${name} is for an encrypted connection: use rediss:// or postgres://`);
}

/** A package that only work on several machines needs is not installed. */
export function packageMissing(name: string, install: string): SigtablesError {
  return new SigtablesError('USAGE', `the package ${name} is not installed: run ${install}`);
}

/** The queue cannot be reached, or does not let us in. */
export function queueUnreachable(place: string, why: string): SigtablesError {
  return new SigtablesError(
    'IO',
    `cannot use the queue ${place}: ${shorten(toOneLine(why))}; check its address, its password and that it runs`,
  );
}

/** The queue has not answered for long. */
export function queueGone(place: string, why: string, minutes: number): SigtablesError {
  return new SigtablesError(
    'IO',
    `the queue ${place} has not answered for ${minutes} minutes (${toOneLine(why)}); finished jobs are kept, the same command goes on`,
  );
}

/** The output folder is not in the folder that all machines share. */
export function outOutsideRoot(out: string, root: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `--out: ${out} is not in --root ${root}, the folder that all machines share: name another of the two`,
  );
}

/** `--root` is not a folder. */
export function rootIsNoFolder(root: string): SigtablesError {
  return new SigtablesError('USAGE', `--root: ${root} is no folder: name the one that all machines share`);
}

/** A worker does not see the folder that a build writes to. */
export function folderUnseen(host: string, folder: string, root: string, why: string): SigtablesError {
  return new SigtablesError(
    'OUTPUT',
    `${host} does not see the build's folder ${toOneLine(folder)} below --root ${root} (${why}): mount the shared folder there, or name its place with --root`,
  );
}

/** A job leads out of the shared folder. */
export function folderEscapes(folder: string, root: string): SigtablesError {
  return new SigtablesError(
    'JOB',
    `a job names the folder ${toOneLine(folder)}, which is not in --root ${root}; nothing was written`,
  );
}

/** What a job in the queue says is not what a job says. */
export function jobMalformed(id: string, what: string): SigtablesError {
  return new SigtablesError(
    'JOB',
    `job ${toOneLine(id)} of the queue is malformed (${toOneLine(what)}); are all machines of one version?`,
  );
}

/** A job of another version of sigtables, whose words mean something else. */
export function jobOfOtherVersion(id: string, format: number, own: number): SigtablesError {
  return new SigtablesError(
    'JOB',
    `job ${toOneLine(id)} of the queue has format ${format}, and this version of sigtables reads format ${own}: install the same version on all machines`,
  );
}

/** What a job says is not what the build in its folder says: somebody else has written it, or changed it. */
export function jobNotOfBuild(id: string, folder: string): SigtablesError {
  return new SigtablesError(
    'JOB',
    `job ${toOneLine(id)} of the queue is not what the build in ${toOneLine(folder)} gives out; nothing was done for it: see who may write to the queue`,
  );
}

/** What is about to be committed is not what was planned. */
export function tablesContradictPlan(what: string): SigtablesError {
  return new SigtablesError(
    'TABLES',
    `the finished jobs do not make up what was planned (${what}); no manifest was written: give the same command with --force, which does them again`,
  );
}

/** A signature as a job or a worker names it. */
interface NamedSignature {
  readonly name: string;
  readonly version: string;
  readonly fileHash?: string | undefined;
  readonly options?: Readonly<Record<string, string>> | undefined;
}

/** A worker has not the signature of a build, but perhaps another file of its name. */
export function signatureNotHere(
  host: string,
  wanted: NamedSignature,
  had: NamedSignature | undefined,
): SigtablesError {
  const has = had ? `has ${describeSignature(had)}` : 'has none of that name';
  return new SigtablesError(
    'USAGE',
    `a build wants the signature ${describeSignature(wanted)}, and ${host} ${has}: give the worker the same file with --signature, and the same options`,
  );
}

function describeSignature({ name, version, fileHash, options }: NamedSignature): string {
  const settings = Object.entries(options ?? {}).map(([key, value]) => ` ${key}=${value}`);
  const hash = fileHash === undefined ? '' : `, SHA-256 ${fileHash}`;
  return toOneLine(`${name} (version ${version}${hash}${settings.join('')})`, QUOTED_CHARS);
}

/** A job failed by itself, as often as it may. */
export function jobFailedElsewhere(
  job: number,
  range: { readonly start: bigint; readonly end: bigint },
  tries: number,
  reason: string,
): SigtablesError {
  const times = tries === 1 ? 'once' : `${tries} times`;
  return new SigtablesError(
    'JOB',
    `job ${job} (${range.start}..${range.end}) failed ${times}: ${toOneLine(reason, QUOTED_CHARS)}; finished jobs are kept, the same command goes on`,
  );
}

/** No build of this name is on the queue. */
export function buildUnknown(id: string, place: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `no build ${shorten(id)} is on the queue ${place}: sigtables status lists them`,
  );
}

/** Several builds are on the queue, and none is named. */
export function buildAmbiguous(ids: readonly string[]): SigtablesError {
  return new SigtablesError('USAGE', `name the build to cancel: ${ids.join(', ')}`);
}

/** A dashboard that others can reach needs a password. */
export function passwordMissing(host: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `--host ${shorten(host)} lets other machines in: set a password in SIGTABLES_DASHBOARD_PASSWORD, or use 127.0.0.1`,
  );
}

/** The dashboard cannot listen. */
export function dashboardFailed(host: string, port: number, cause: Error): SigtablesError {
  return new SigtablesError(
    'IO',
    `cannot listen on ${shorten(host)}:${port}: ${cause.message}; choose another --port`,
    { cause },
  );
}

/** A part of a range, or a merge, cannot be shared out. */
export function queueWithShard(): SigtablesError {
  return new SigtablesError(
    'USAGE',
    '--shard and --queue are two ways to share a build out: give one of them',
  );
}

/** Without merging, each job is a shard of the result: these are too many. */
export function queueShardsTooMany(jobs: bigint, most: bigint): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `--no-merge leaves a folder for each of ${jobs} jobs, and ${most} are the most: give a larger --chunk`,
  );
}

/** Only jobs that a queue gives out may stay unmerged. */
export function noMergeWithoutQueue(): SigtablesError {
  return new SigtablesError(
    'USAGE',
    '--no-merge goes with --queue: without one, build parts with --shard and list them with merge --sharded',
  );
}

/** The folder keeps results of another build through a queue. */
export function folderHoldsOtherResults(out: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${out} keeps finished jobs of another, unfinished build through a queue: go on with its command, choose another --out, or drop them with --force`,
  );
}

/** `sigtables cancel` was asked for while the build ran. */
export function buildCancelled(id: string): SigtablesError {
  return new SigtablesError(
    'JOB',
    `build ${id} was cancelled by sigtables cancel; finished jobs are kept, the same command goes on`,
  );
}
