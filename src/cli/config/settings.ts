import type { Command } from 'commander';
import { Flag, kindOfOption, type ValueKind } from '../flag.js';

/** The keys that a config file may have, those of flags that a variable may set too, and what their values are. */
export function listSettings(program: Command): Map<string, ValueKind> {
  const flags = program.commands.flatMap((command) => command.options.filter(isSetting));
  return new Map(flags.map((flag) => [flag.attributeName(), kindOfOption(flag)]));
}

/** Whether any flag of `command` may be set by a config file. */
export function takesSettings(command: Command): boolean {
  return command.options.some(isSetting);
}

function isSetting(option: Command['options'][number]): boolean {
  return option instanceof Flag && option.isSetting;
}
