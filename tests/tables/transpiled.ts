import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { afterAll } from 'vitest';

const SOURCE = new URL('../../src/', import.meta.url);
let folder: string | undefined;

/** The URL of `src/tables/<name>.ts` as JavaScript, for child processes: Node 20 runs no TypeScript. */
export function transpiledModule(name: string): string {
  folder ??= transpile();
  return pathToFileURL(join(folder, 'tables', `${name}.js`)).href;
}

afterAll(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  folder = undefined;
});

function transpile(): string {
  const target = mkdtempSync(join(tmpdir(), 'sigtables-js-'));
  writeFileSync(join(target, 'package.json'), '{"type":"module"}');
  const inFolders = ['errors', 'tables'].flatMap((name) => {
    mkdirSync(join(target, name));
    return readdirSync(new URL(`${name}/`, SOURCE)).map((file) => `${name}/${file}`);
  });
  for (const file of ['errors.ts', 'limits.ts', ...inFolders]) {
    const compilerOptions = {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2023,
      verbatimModuleSyntax: true,
    };
    const source = readFileSync(new URL(file, SOURCE), 'utf8');
    const { outputText } = ts.transpileModule(source, { compilerOptions, fileName: file });
    writeFileSync(join(target, file.replace(/ts$/, 'js')), outputText);
  }
  return target;
}
