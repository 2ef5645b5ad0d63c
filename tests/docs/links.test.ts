import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dropCode, listAnchors, listLinks, listMarkdown, readText, ROOT } from './markdown.js';

const files = listMarkdown();

/** What is wrong with a link, or undefined. */
function findFault(file: string, target: string): string | undefined {
  if (/^(?:https?|mailto):/.test(target)) return undefined;
  const [path = '', anchor] = target.split('#');
  const linked = path === '' ? file : posix.join(posix.dirname(file), decodeURIComponent(path));
  if (!existsSync(join(ROOT, linked))) return `${target}: there is no ${linked}`;
  if (anchor === undefined || !linked.endsWith('.md')) return undefined;
  return listAnchors(readText(linked)).includes(anchor) ? undefined : `${target}: no such heading`;
}

it('sees the Markdown of the project', () => {
  expect(files).toEqual(expect.arrayContaining(['README.md', 'docs/recipes.md', 'src/README.md']));
});

it.each(files)('%s links to what is there', (file) => {
  const links = listLinks(readText(file));
  expect(links.map((target) => findFault(file, target)).filter((fault) => fault !== undefined)).toEqual([]);
});

it.each(files)('%s has no link of a form that this test overlooks', (file) => {
  expect(dropCode(readText(file))).not.toMatch(/\]\[|^\[[^\]]+\]: |<a\s|href=/m);
});

describe('what finds faults', () => {
  it('says which file or heading is not there', () => {
    expect(findFault('README.md', 'docs/none.md')).toMatch('there is no docs/none.md');
    expect(findFault('docs/recipes.md', '../README.md#no-such')).toMatch('no such heading');
    expect(findFault('docs/recipes.md', '#slurm')).toBeUndefined();
  });

  it('makes anchors as GitHub does, and reads no code', () => {
    expect(listAnchors('# A `b-c` & d\n## A\n## A\n')).toEqual(['a-b-c--d', 'a', 'a-1']);
    expect(listLinks('[a](b.md) `[c](d)`\n```\n[e](f)\n```\n![g](h.png "i")')).toEqual(['b.md', 'h.png']);
  });
});
