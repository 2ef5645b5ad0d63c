import { expect, it } from 'vitest';
import { readText } from './markdown.js';

const { version } = JSON.parse(readText('package.json')) as { version: string };

it('is semantic', () => {
  expect(version).toMatch(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/);
});

it('is the newest in the changelog, with the day of the citation', () => {
  const [, newest, day] = /^## \[(\d[^\]]*)\] - (\d{4}-\d\d-\d\d)$/m.exec(readText('CHANGELOG.md')) ?? [];
  const citation = readText('CITATION.cff');
  expect(newest).toBe(version);
  expect(citation).toContain(`\nversion: ${version}\n`);
  expect(citation).toContain(`\ndate-released: '${day ?? ''}'\n`);
});

it('of Node is the same wherever it is named', () => {
  const { engines } = JSON.parse(readText('package.json')) as { engines: { node: string } };
  const least = engines.node.replace('>=', '');
  for (const file of ['README.md', 'CONTRIBUTING.md'])
    expect(readText(file)).toContain(`Node ${least} or newer`);
});
