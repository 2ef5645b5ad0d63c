import { randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import { isNoPlainFile, READ_PLAIN } from '../files/plain-file.js';
import { LOCK_FILE_MAX_BYTES } from '../limits.js';
import { identifyProcess, judgeLiveness, type Judgement, type ProcessIdentity } from './process-identity.js';

/** What a lock file says of its holder. */
export interface LockHolder extends ProcessIdentity {
  /** Random, and never used again: tells this hold from every other. */
  readonly token: string;
  /** ISO time, for people; liveness never depends on it. */
  readonly since: string;
  readonly command: string;
  /** The folder socket that the holder has as long as it lives. */
  readonly socket?: string;
  /** Digits, always as many, that the holder changes again and again while it lives. */
  readonly nonce?: string;
}

/** What stands at a lock file's path. */
export type LockFileState = 'absent' | 'garbled' | LockHolder;

/** This process as a holder, with a new token; `socket` is the name of the folder socket that it has. */
export async function describeHolder(command: string, socket?: string): Promise<LockHolder> {
  const identity = await identifyProcess();
  const since = new Date().toISOString();
  return { ...identity, token: randomUUID(), since, command, ...(socket && { socket }), nonce: toNonce(0) };
}

/** The nonce of this renewal, from 0 on. */
export function toNonce(count: number): string {
  return String(count).padStart(16, '0');
}

/** What stands in a lock file. */
export async function readLockFile(path: string): Promise<LockFileState> {
  const text = await readStart(path);
  return text === undefined ? 'absent' : (parseHolder(text) ?? 'garbled');
}

/** Whether a holder still lives, seen from `self`. */
export async function judgeHolder(holder: LockHolder, self: LockHolder): Promise<Judgement> {
  // Who has the socket now is `self`; so the holder, who would have it as long as it lives, is dead.
  const sameSocket = self.socket !== undefined && holder.socket === self.socket;
  const sameKernel = self.bootId !== undefined && holder.bootId === self.bootId;
  if (sameSocket && sameKernel && holder.networkNamespace === self.networkNamespace) return 'dead';
  return judgeLiveness(holder, self);
}

/** The start of the text; nothing where no file is, and an empty text for a link or a pipe in its place. */
async function readStart(path: string): Promise<string | undefined> {
  try {
    const handle = await open(path, READ_PLAIN);
    try {
      if (!(await handle.stat()).isFile()) return '';
      const { buffer, bytesRead } = await handle.read(
        Buffer.alloc(LOCK_FILE_MAX_BYTES),
        0,
        LOCK_FILE_MAX_BYTES,
        0,
      );
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (isNoPlainFile(error)) return '';
    throw error;
  }
}

/** The text of a lock file; equally long for all nonces. */
export function formatHolder(holder: LockHolder): string {
  return `${JSON.stringify(holder)}\n`;
}

/** The holder that a lock file's text names; `undefined` where it is no such text. */
export function parseHolder(text: string): LockHolder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isHolder(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const TEXT_FIELDS = ['hostname', 'token', 'since', 'command'] as const;
const OPTIONAL_FIELDS = [
  'startTicks',
  'bootId',
  'pidNamespace',
  'networkNamespace',
  'machine',
  'socket',
  'nonce',
] as const;

function isHolder(value: unknown): value is LockHolder {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Readonly<Record<string, unknown>>;
  if (!Number.isSafeInteger(fields['pid']) || (fields['pid'] as number) < 1) return false;
  if (!/^[\w-]+$/.test(String(fields['token']))) return false; // it becomes part of a file name
  if (!TEXT_FIELDS.every((name) => typeof fields[name] === 'string')) return false;
  return OPTIONAL_FIELDS.every((name) => fields[name] === undefined || typeof fields[name] === 'string');
}

/** The holder, where there is one. */
export function toHolder(seen: LockFileState): LockHolder | undefined {
  return typeof seen === 'string' ? undefined : seen;
}

/** Whether both are of one hold, or both absent or garbled. */
export function isSame(a: LockFileState, b: LockFileState): boolean {
  return typeof a === 'string' || typeof b === 'string' ? a === b : a.token === b.token;
}
