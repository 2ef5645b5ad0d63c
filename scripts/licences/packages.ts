import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A package that stands in node_modules, and what its own files say of its licence. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly text: string;
}

interface Metadata {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The package that the file or folder `path` belongs to; throws where there is none above it. */
export function readPackageOf(path: string): InstalledPackage {
  const folder = findPackageFolder(path);
  const { name, version, license = 'none named' } = readMetadata(folder);
  const file = readdirSync(folder).find((entry) => /^(?:licen[cs]e|copying)/i.test(entry));
  const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim();
  return { name, version, licence: license, text };
}

/** Every package that an installation of the package in `root` brings along, sorted by name. */
export function listRunTimePackages(root: string): InstalledPackage[] {
  const seen = new Set<string>();
  const waiting = [root];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const { dependencies = {}, optionalDependencies = {} } = readMetadata(folder);
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const found = resolvePackage(name, folder);
      if (found === undefined && name in optionalDependencies) continue; // it is for another platform
      if (found === undefined)
        throw new Error(`${name}, which ${folder} needs, is not installed: run "npm ci"`);
      if (seen.has(found)) continue;
      seen.add(found);
      waiting.push(found);
    }
  }
  return sortByName([...seen].map(readPackageOf));
}

/** Sorted by name and version, each once. */
export function sortByName(packages: readonly InstalledPackage[]): InstalledPackage[] {
  const byId = new Map(packages.map((entry) => [`${entry.name}@${entry.version}`, entry]));
  return [...byId.keys()].sort().map((id) => byId.get(id)!);
}

function findPackageFolder(path: string): string {
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    const metadata = join(folder, 'package.json');
    // Some packages have a package.json of one line inside, which only says what kind of modules there are.
    if (existsSync(metadata) && 'version' in readMetadata(folder)) return folder;
  }
  throw new Error(`${path} belongs to no package`);
}

function resolvePackage(name: string, from: string): string | undefined {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
  }
  return undefined;
}

function readMetadata(folder: string): Metadata {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Metadata;
}
