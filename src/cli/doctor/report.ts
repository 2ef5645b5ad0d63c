import { formatBytes, formatByteRate, formatCount } from '../../format.js';
import type { CpuAllowance } from '../cpus.js';

/** What `doctor` finds. `null` is what could not be found out, or is not there. */
export interface Report {
  readonly versions: Readonly<
    Record<'sigtables' | 'node' | 'v8' | 'system' | 'kernel' | 'architecture', string>
  > & {
    readonly libc: string | null;
  };
  readonly cpus: {
    readonly model: string | null;
    readonly there: number;
    /** How many a build would use, and what says so. */
    readonly used: CpuAllowance;
    readonly bounds: readonly CpuAllowance[];
  };
  readonly memory: {
    readonly totalBytes: number;
    readonly availableBytes: number;
    readonly cgroupLimitBytes: number | null;
  };
  readonly limits: { readonly openFiles: number | null; readonly fileBytes: number | 'unlimited' | null };
  readonly folder: FolderReport;
  /** `null` where it was not asked for. */
  readonly disk: DiskReport | null;
  /** Versions by package; `null` where one is not installed. */
  readonly optionalParts: Readonly<Record<string, string | null>>;
  readonly config: { readonly file: string | null; readonly error?: string };
  readonly warnings: readonly string[];
}

export interface FolderReport {
  readonly path: string;
  /** The folder itself, or the nearest one above that exists. */
  readonly existing: string;
  readonly fileSystem: string | null;
  readonly isNetwork: boolean;
  readonly freeBytes: number | null;
  readonly freeInodes: number | null;
}

export interface DiskReport {
  readonly writtenBytes: number;
  /** With the sync at the end. */
  readonly bytesPerSecond: number | null;
  readonly syncMedianMs: number | null;
  readonly syncMaxMs: number | null;
  readonly error?: string;
}

/** `report` for people: a line for each fact, and the warnings behind. */
export function formatReport(report: Report): string {
  const { versions, cpus, memory, limits, folder, config, warnings } = report;
  const bounds = cpus.bounds.map((bound) => `${bound.source} ${bound.cpus}`).join(', ');
  const lines: readonly (readonly [string, string])[] = [
    ['sigtables', versions.sigtables],
    ['node', `${versions.node} (v8 ${versions.v8})`],
    [
      'system',
      `${versions.system}, ${versions.kernel}, ${versions.architecture}, ${orUnknown(versions.libc)}`,
    ],
    ['cpus', `${cpus.used.cpus} used, by ${cpus.used.source} (${bounds}; the machine has ${cpus.there})`],
    ['cpu model', orUnknown(cpus.model)],
    ['memory', `${formatBytes(memory.totalBytes)}, ${formatBytes(memory.availableBytes)} available`],
    [
      'memory limit',
      memory.cgroupLimitBytes === null ? 'none' : `${formatBytes(memory.cgroupLimitBytes)} (cgroup)`,
    ],
    ['open files', limits.openFiles === null ? 'unknown' : formatCount(limits.openFiles)],
    [
      'file size',
      typeof limits.fileBytes === 'number' ? formatBytes(limits.fileBytes) : orUnknown(limits.fileBytes),
    ],
    [
      'folder',
      folder.path === folder.existing
        ? folder.path
        : `${folder.path} (not there yet; looked at ${folder.existing})`,
    ],
    ['file system', `${orUnknown(folder.fileSystem)}${folder.isNetwork ? ' (network)' : ''}`],
    [
      'free',
      `${folder.freeBytes === null ? 'unknown' : formatBytes(folder.freeBytes)}, ${describeInodes(folder)}`,
    ],
    ...describeDisk(report.disk),
    ...Object.entries(report.optionalParts).map(
      ([name, version]) => [name, version ?? 'not installed'] as const,
    ),
    ['config', config.error ?? config.file ?? 'none'],
    ...warnings.map((warning) => ['warning', warning] as const),
  ];
  const width = Math.max(...lines.map(([name]) => name.length)) + 2;
  return lines.map(([name, text]) => `${name.padEnd(width)}${text}`).join('\n');
}

function orUnknown(text: string | null): string {
  return text ?? 'unknown';
}

function describeInodes({ freeInodes }: FolderReport): string {
  return freeInodes === null ? 'files without limit' : `${formatCount(freeInodes)} files`;
}

function describeDisk(disk: DiskReport | null): [string, string][] {
  if (disk === null) return [['disk', 'not measured']];
  if (disk.bytesPerSecond === null) return [['disk', disk.error ?? 'not measured']];
  const speed = `${formatByteRate(disk.bytesPerSecond)} written and synced (${formatBytes(disk.writtenBytes)})`;
  const sync = `${formatMs(disk.syncMedianMs)} median, ${formatMs(disk.syncMaxMs)} at most`;
  return [
    ['disk', disk.error === undefined ? speed : `${speed}; then ${disk.error}`],
    ['sync', sync],
  ];
}

/** A sync into memory takes microseconds, which `formatDuration` knows nothing of. */
function formatMs(ms: number | null): string {
  return ms === null ? 'unknown' : `${ms} ms`;
}
