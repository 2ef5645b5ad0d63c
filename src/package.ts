import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// The only place that knows where the package's own files are: `src/` and `dist/` stand right in it, and what is built
// stands right in `dist/`.

/** The version of this package, from its package.json. */
export const VERSION = readVersion();

/** The path of an entry point that the build makes: `run-job`, `index`. */
export function builtFile(name: string): string {
  return fileURLToPath(new URL(`./${name}.js`, import.meta.url));
}

/** The path of a page's file that the build makes, with its ending: `live-page.js`. */
export function builtPage(name: string): string {
  return fileURLToPath(new URL(`./${name}`, import.meta.url));
}

function readVersion(): string {
  const content = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return content.version;
}
