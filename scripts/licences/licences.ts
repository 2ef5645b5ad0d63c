import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { listRunTimePackages, readPackageOf, sortByName, type InstalledPackage } from './packages.js';

/** The packages whose code the built pages hold, by what esbuild says that it put into them. */
export async function listBundledPackages(root: string): Promise<InstalledPackage[]> {
  const source = join(root, 'src');
  const pages = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((path) => /[\\/]page[\\/][^\\/]+-page\.(?:ts|css)$/.test(path))
    .map((path) => join(source, path));
  if (pages.length === 0) return [];
  const options = { entryPoints: pages, bundle: true, write: false, metafile: true, outdir: 'out' } as const;
  const { metafile } = await build({ ...options, absWorkingDir: root, logLevel: 'warning' });
  const held = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).filter(
      ([path, { bytesInOutput }]) => bytesInOutput > 0 && path.includes('node_modules'),
    ),
  );
  return sortByName(held.map(([path]) => readPackageOf(join(root, path))));
}

/** The text of THIRD-PARTY-LICENSES for the package in `root`. */
export async function writeLicences(root: string): Promise<string> {
  const bundled = await listBundledPackages(root);
  const installed = listRunTimePackages(root).map(
    ({ name, version, licence }) => `${name} ${version}: ${licence}`,
  );
  return [
    'sigtables is under the MIT licence: see LICENSE.',
    '',
    'Its built pages (dist/) hold code of these packages:',
    '',
    ...(bundled.length > 0 ? bundled.flatMap(describe) : ['none', '']),
    'An installation brings these packages along, each with its own licence file:',
    '',
    ...installed,
    '',
  ].join('\n');
}

function describe({ name, version, licence, text }: InstalledPackage): string[] {
  if (text === '') throw new Error(`${name} ${version} (${licence}) brings no licence text: add one by hand`);
  return [`${name} ${version} (${licence})`, '', text.replaceAll(/^(?=.)/gm, '    '), ''];
}
