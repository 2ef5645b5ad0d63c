import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the project. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What is made, installed or written by runs: its Markdown is not ours. */
const FOREIGN = /^(?:node_modules|dist|docs-api|bench-output|coverage|tables|\.git)(?:[\\/]|$)/;

/** The Markdown files of the project, by their paths from the root. */
export function listMarkdown(): string[] {
  const folders = readdirSync(ROOT, { withFileTypes: true });
  return folders.flatMap((entry) => {
    if (FOREIGN.test(entry.name)) return [];
    const inside = entry.isDirectory()
      ? readdirSync(join(ROOT, entry.name), { recursive: true, encoding: 'utf8' }).map((path) =>
          join(entry.name, path),
        )
      : [entry.name];
    return inside.filter((path) => path.endsWith('.md')).map((path) => path.replaceAll('\\', '/'));
  });
}

/** A project's file as text. */
export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** A Markdown text without its blocks and spans of code. */
export function dropCode(text: string): string {
  return text
    .replaceAll(/^```[^]*?^```$/gm, '')
    .replaceAll(/^ {4}.*$/gm, '')
    .replaceAll(/`[^`\n]*`/g, '');
}

/** The targets of links and pictures, as they stand in a Markdown text. */
export function listLinks(text: string): string[] {
  return [...dropCode(text).matchAll(/\]\(([^()\s]+)(?: "[^"]*")?\)/g)].map(([, target = '']) => target);
}

/** The anchors that GitHub makes of a Markdown text's headings. */
export function listAnchors(text: string): string[] {
  const seen = new Map<string, number>();
  const headings = [...text.replaceAll(/^```[^]*?^```$/gm, '').matchAll(/^#{1,6} (.+)$/gm)];
  return headings.map(([, heading = '']) => {
    const slug = heading
      .toLowerCase()
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
}
