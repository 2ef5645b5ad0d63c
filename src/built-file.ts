import { join } from 'node:path';

/** The path of a file that the build makes right in `dist/`: `index.js`, `run-job.cjs`, `live-page.css`. */
export function builtFile(name: string): string {
  return join(import.meta.dirname, name);
}
