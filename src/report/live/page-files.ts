import { readFile } from 'node:fs/promises';
import { builtFile } from '../../built-file.js';

/** A file of the live page, with its type. */
export interface PageFile {
  readonly type: string;
  readonly body: string | Buffer;
}

const HTML = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>sigtables</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/live-page.css" />
    <script src="/live-page.js" defer></script>
  </head>
  <body>
    <noscript><main><p>This page needs JavaScript: it draws what the build tells it.</p></main></noscript>
  </body>
</html>
`;

/** The files of the live page by their paths. Throws what the system throws where the package is not whole. */
export async function readPageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const [style, script] = await Promise.all([
    readFile(builtFile('live-page.css')),
    readFile(builtFile('live-page.js')),
  ]);
  return new Map<string, PageFile>([
    ['/', { type: 'text/html; charset=utf-8', body: HTML }],
    ['/live-page.css', { type: 'text/css; charset=utf-8', body: style }],
    ['/live-page.js', { type: 'text/javascript; charset=utf-8', body: script }],
  ]);
}
