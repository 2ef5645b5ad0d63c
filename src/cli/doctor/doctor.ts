import { homedir } from 'node:os';
import type { Command } from 'commander';
import { emptyValue, SigtablesError } from '../../errors.js';
import { applyConfig } from '../config/apply.js';
import type { Flags } from '../flags.js';
import { findSetting, resolveJson } from '../options.js';
import { writeJson, writeResult } from '../output.js';
import { measureDisk } from './disk-speed.js';
import { describeFolder } from './folder.js';
import { describeCpus, describeLimits, describeMemory, describeVersions } from './machine.js';
import { findOptionalParts } from './optional-parts.js';
import { formatReport, type Report } from './report.js';
import { findWarnings } from './warnings.js';

/** Looks at the machine and at `given`, or the folder that a build would write to, and prints what it finds. */
export async function runDoctor(program: Command, given: string | undefined, flags: Flags): Promise<void> {
  if (given?.trim() === '') throw emptyValue('the folder');
  const config = await describeConfig(program);
  const isJson = resolveJson(flags);
  const folder = await describeFolder(given ?? findSetting(flags, 'out')?.text ?? 'tables');
  const facts = {
    versions: describeVersions(),
    cpus: describeCpus(),
    memory: describeMemory(),
    limits: describeLimits(),
    folder,
    disk: flags['measure'] === false ? null : await measureDisk(folder.existing),
    optionalParts: findOptionalParts(),
    config,
  };
  const report: Report = { ...facts, warnings: findWarnings(facts) };
  const shown = hideHome(report);
  if (isJson) writeJson('doctor', shown);
  else writeResult(formatReport(shown));
}

/** A broken config is a finding, not a failure. */
async function describeConfig(program: Command): Promise<Report['config']> {
  try {
    return { file: (await applyConfig(program)) ?? null };
  } catch (error) {
    if (!(error instanceof SigtablesError)) throw error;
    return { file: null, error: error.message };
  }
}

/** The home folder holds the user's name. */
function hideHome(report: Report): Report {
  const home = homedir();
  if (home.length <= 1) return report;
  const name = new RegExp(`${home.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w.-])`, 'g');
  const hide = (_key: string, value: unknown): unknown =>
    typeof value === 'string' ? value.replace(name, '~') : value;
  return JSON.parse(JSON.stringify(report, hide)) as Report;
}
