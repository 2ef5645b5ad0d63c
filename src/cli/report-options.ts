import { emptyValue } from '../errors.js';
import type { ReportOptions } from '../report/write-report.js';
import type { Flags } from './flags.js';
import { findSetting, resolveJson, resolveSwitch } from './options.js';

const DEFAULT_FOLDER = 'tables';
const DEFAULT_OUT = 'report.html';

/** What `report` is asked for. */
export interface ReportCommandOptions extends ReportOptions {
  readonly isJson: boolean;
  /** Whether to show the report when it is written. */
  readonly isToOpen: boolean;
}

/** What to report on, from the argument, flags, variables and defaults; throws a usage error that names the bad one. */
export function resolveReport(folder: string | undefined, flags: Flags): ReportCommandOptions {
  if (folder?.trim() === '') throw emptyValue('the folder');
  return {
    folder: folder ?? findSetting(flags, 'tables')?.text ?? DEFAULT_FOLDER,
    // SIGTABLES_OUT has no say: it is the folder of a build.
    out: (flags['out'] === undefined ? undefined : findSetting(flags, 'out')?.text) ?? DEFAULT_OUT,
    isJson: resolveJson(flags),
    isToOpen: resolveSwitch(flags, 'open', false),
  };
}
