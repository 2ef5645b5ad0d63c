import { type Command, Option } from 'commander';

/** What the value of a flag is, as far as completions and configs have to know. */
export type ValueKind = 'switch' | 'text' | 'folder' | 'file';

/** A flag with what completions, configs and the help have to know of it. */
export class Flag extends Option {
  /** Whether a variable, `SIGTABLES_…`, and a config file may set it too. */
  readonly isSetting: boolean;
  /** Values to offer where the flag is completed; others may do too. */
  readonly suggestions: readonly string[];

  /**
   * Commander's own `env()` is not used: it takes a boolean's variable for set whatever its value is, and its messages
   * and ours would differ. `options.ts` reads the variables.
   */
  constructor(
    flags: string,
    description: string,
    variable: string | undefined,
    suggestions: readonly string[] = [],
  ) {
    super(flags, variable === undefined ? description : `${description} [SIGTABLES_${variable}]`);
    this.isSetting = variable !== undefined;
    this.suggestions = suggestions;
  }
}

/** What the value of `option` is, by its placeholder: `<dir>` is a folder, `<file>` a file. */
export function kindOfOption(option: Option): ValueKind {
  if (!option.required && !option.optional) return 'switch';
  const [, placeholder = ''] = /[<[](.*)[>\]]/.exec(option.flags) ?? [];
  return kindOfPlaceholder(placeholder);
}

/** What is meant by a placeholder such as `dir`, `name|file` or `folder...`. */
export function kindOfPlaceholder(placeholder: string): Exclude<ValueKind, 'switch'> {
  const words = placeholder.replace(/\.\.\.$/, '').split('|');
  if (words.some((word) => ['dir', 'folder', 'tables'].includes(word))) return 'folder';
  return words.includes('file') ? 'file' : 'text';
}

/** The keys that a config file may have, those of flags that a variable may set too, and what their values are. */
export function listSettings(program: Command): Map<string, ValueKind> {
  const flags = program.commands.flatMap((command) => command.options.filter(isSetting));
  return new Map(flags.map((flag) => [flag.attributeName(), kindOfOption(flag)]));
}

/** Whether any flag of `command` may be set by a config file. */
export function takesSettings(command: Command): boolean {
  return command.options.some(isSetting);
}

function isSetting(option: Option): boolean {
  return option instanceof Flag && option.isSetting;
}
