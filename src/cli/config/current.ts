import type { Setting } from '../options.js';

/** What a config file says, in the texts that flags would have, with what messages are to call each. */
export interface Config {
  readonly file: string;
  readonly settings: ReadonlyMap<string, Setting>;
  /** What `--option` would say, for the signature that the same file names. */
  readonly signatureOptions: Readonly<Record<string, string>>;
}

// One for the process, as its variables are.
let current: Config | undefined;

/** Makes `config` what `findConfigured` answers from; `undefined` for none. */
export function setConfig(config: Config | undefined): void {
  current = config;
}

/** What the config file says of the flag `key`. */
export function findConfigured(key: string): Setting | undefined {
  return current?.settings.get(key);
}

/** The options of the signature, where the config file is what names the signature. */
export function configuredOptions(signature: Setting | undefined): Readonly<Record<string, string>> {
  return current !== undefined && signature === findConfigured('signature') ? current.signatureOptions : {};
}
