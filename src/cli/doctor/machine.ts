import { existsSync, readFileSync } from 'node:fs';
import { arch, cpus, freemem, release, totalmem, type, version } from 'node:os';
import { readMemoryLimit } from '../../cgroup.js';
import { VERSION } from '../../package.js';
import { detectCpus, listCpuBounds } from '../cpus.js';
import type { Report } from './report.js';

/** The versions of what runs here. */
export function describeVersions(): Report['versions'] {
  const { node, v8 } = process.versions;
  return {
    sigtables: VERSION,
    node,
    v8,
    system: readSystemName(),
    kernel: `${type()} ${release()}`,
    architecture: arch(),
    libc: readLibc() ?? null,
  };
}

/** The CPUs that there are and that a build would use. */
export function describeCpus(): Report['cpus'] {
  const all = cpus();
  return {
    model: all[0]?.model.trim() ?? null,
    there: all.length,
    used: detectCpus(),
    bounds: listCpuBounds(),
  };
}

/** The memory that there is; bytes. */
export function describeMemory(): Report['memory'] {
  const limit = readMemoryLimit('/') ?? Infinity;
  const totalBytes = totalmem();
  return {
    totalBytes,
    availableBytes: readAvailableMemory() ?? freemem(),
    cgroupLimitBytes: limit < totalBytes ? limit : null,
  };
}

/** What the process may open and write; from `/proc`, or from Node's own report where there is none. */
export function describeLimits(): Report['limits'] {
  const text = readText('/proc/self/limits');
  if (text === undefined) {
    const { userLimits = {} } = readNodeReport();
    return {
      openFiles: toNumber(userLimits['open_files']?.soft),
      fileBytes: toLimit(userLimits['file_size_blocks']?.soft),
    };
  }
  const find = (name: string): string | undefined => new RegExp(`^${name} +(\\S+)`, 'm').exec(text)?.[1];
  return { openFiles: toNumber(find('Max open files')), fileBytes: toLimit(find('Max file size')) };
}

interface NodeReport {
  readonly header?: { readonly glibcVersionRuntime?: string };
  readonly userLimits?: Readonly<Record<string, { readonly soft: string | number } | undefined>>;
}

/** Only single fields of it are used: it holds all variables of the environment too. */
function readNodeReport(): NodeReport {
  try {
    // Else it looks up the names of its connections.
    Object.assign(process.report, { excludeNetwork: true });
    return process.report.getReport();
  } catch {
    return {};
  }
}

function readLibc(): string | undefined {
  const { glibcVersionRuntime } = readNodeReport().header ?? {};
  if (glibcVersionRuntime !== undefined) return `glibc ${glibcVersionRuntime}`;
  return existsSync('/etc/alpine-release') ? 'musl' : undefined;
}

function readSystemName(): string {
  const name = /^PRETTY_NAME="?([^"\n]*)/m.exec(readText('/etc/os-release') ?? '')?.[1];
  return name ?? version();
}

/** What Linux could give without swapping: the page cache counts as free. */
function readAvailableMemory(): number | undefined {
  const kib = /^MemAvailable: +(\d+) kB/m.exec(readText('/proc/meminfo') ?? '')?.[1];
  return kib === undefined ? undefined : Number(kib) * 1024;
}

function toNumber(text: string | number | undefined): number | null {
  return Number.isFinite(Number(text ?? NaN)) ? Number(text) : null;
}

function toLimit(text: string | number | undefined): number | 'unlimited' | null {
  return text === 'unlimited' ? text : toNumber(text);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
