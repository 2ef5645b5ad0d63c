import { SigtablesError } from './sigtables-error.js';
import { toOneLine } from './quoting.js';

// What is in the way of a report.

/** A report would replace a file that is none. */
export function reportInTheWay(path: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `--out: ${toOneLine(path)} is there already and is no report: give another name, or move it away`,
  );
}

/** The system refused to write the report. */
export function reportUnwritable(path: string, cause: Error): SigtablesError {
  return new SigtablesError(
    'OUTPUT',
    `--out: cannot write ${toOneLine(path)}: ${cause.message}; name another place`,
    { cause },
  );
}

/** The page's own code is not where the build puts it. */
export function pageNotBuilt(path: string, cause: Error): SigtablesError {
  return new SigtablesError('FAULT', `${path} is missing: install sigtables again, or run npm run build`, {
    cause,
  });
}
