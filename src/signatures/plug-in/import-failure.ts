import { basename } from 'node:path';
import { plugInImportMissing, plugInLoadFailed, plugInMalformed, type SigtablesError } from '../../errors.js';
import { describeThrown } from './thrown.js';

/** What `importModule` rejected with, as a USAGE error in one line. */
export function explainImportFailure(error: unknown, path: string): SigtablesError {
  try {
    return explain(error, path);
  } catch {
    // What a module throws may itself throw when it is looked at.
    return plugInLoadFailed(path, describeThrown(error, path), error);
  }
}

function explain(error: unknown, path: string): SigtablesError {
  const missing = findMissing(error);
  if (missing !== undefined) return plugInImportMissing(path, missing, !/^[./\\]|^[A-Za-z]:/.test(missing));
  if (!(error instanceof Error)) return plugInLoadFailed(path, describeThrown(error, path), error);
  // The transpiler's: "ParseError: Unexpected token \n /folder/mine.ts:3:46".
  const [, parsed, parsedFile, parsedLine] =
    /^\w*Error: (.*?)\s*\n\s*(.+):(\d+):\d+\s*$/s.exec(error.message) ?? [];
  if (parsed && parsedFile && parsedLine) {
    return plugInMalformed(path, namePlace(parsedFile, parsedLine, path), parsed.replaceAll('`', ''));
  }
  // V8's: a stack that begins with "file:///folder/mine.mjs:3" and the line itself.
  const [, file, line] = /^(\S.*):(\d+)\n/.exec(error.stack ?? '') ?? [];
  if (error instanceof SyntaxError && file && line) {
    return plugInMalformed(path, namePlace(file, line, path), error.message);
  }
  return plugInLoadFailed(path, describeThrown(error, path), error);
}

function findMissing(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  if (error.code !== 'ERR_MODULE_NOT_FOUND' && error.code !== 'MODULE_NOT_FOUND') return undefined;
  return /^Cannot find (?:package|module) '([^']+)'/.exec(error.message)?.[1];
}

function namePlace(file: string, line: string, path: string): string {
  const name = decodeURIComponent(basename(file));
  return name === basename(path) ? `line ${line}` : `line ${line} of ${name}`;
}
