import { isAbsolute, sep } from 'node:path';
import type { SignatureDraft } from './signature-draft.js';

/** What was written, and what to run next. */
export function describeDraft({ file, test, isInstalled }: SignatureDraft): string {
  const flag = `--signature ${quote(toFlagValue(file))}`;
  const steps = [
    ...(isInstalled ? [] : ['npm install --save-dev sigtables']),
    `node --test ${quote(test)}`,
    `npx sigtables sign ${flag} 5 6 7`,
    `npx sigtables build ${flag} --range 1e6`,
  ];
  return [`wrote ${file} and ${test}; next:`, ...steps.map((step) => `  ${step}`)].join('\n');
}

/** A path that begins like one cannot be taken for a name. */
function toFlagValue(file: string): string {
  return isAbsolute(file) || file.startsWith('.') ? file : `.${sep}${file}`;
}

/** As a shell takes it for one word. */
function quote(word: string): string {
  return /^[\w./\\:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
