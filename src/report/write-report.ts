import { open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pageNotBuilt, reportInTheWay, reportUnwritable } from '../errors.js';
import { builtFile } from '../built-file.js';
import { READ_LINKED } from '../files/plain-file.js';
import { VERSION } from '../package.js';
import { makeFolder, writeFileDurably } from '../tables/durable.js';
import { openTables } from '../tables/reader.js';
import { collectReport } from './collect.js';
import { REPORT_OPENING, writePage, type PageAssets } from './page-text.js';

/** What to report on, and where to. */
export interface ReportOptions {
  /** The folder of the table set. */
  readonly folder: string;
  /** The file to write; the folders above it are made. */
  readonly out: string;
}

/** What was written. */
export interface ReportResult {
  readonly out: string;
  readonly bytes: number;
}

/**
 * Writes one HTML file about a table set; equal sets give equal files. An earlier report is replaced. Throws TABLES where the
 * set is absent or damaged, USAGE where the file is there and no report, OUTPUT where it cannot be written.
 */
export async function writeReport({ folder, out }: ReportOptions): Promise<ReportResult> {
  await refuseOtherFile(out);
  const assets = await readAssets();
  const tables = await openTables(folder);
  try {
    const page = Buffer.from(writePage(collectReport(tables), assets, VERSION));
    await makeFolder(dirname(out));
    await writeFileDurably(out, [page], { sync: false });
    return { out, bytes: page.length };
  } catch (error) {
    throw (error as NodeJS.ErrnoException).syscall === undefined
      ? error
      : reportUnwritable(out, error as Error);
  } finally {
    tables.close();
  }
}

async function readAssets(): Promise<PageAssets> {
  const read = async (name: string): Promise<string> => {
    const path = builtFile(name);
    return await readFile(path, 'utf8').catch((error: Error) => {
      throw pageNotBuilt(path, error);
    });
  };
  const [script, style] = await Promise.all([read('report-page.js'), read('report-page.css')]);
  return { script, style };
}

/** A slip such as `--out tables/1667.json` must not cost a table. */
async function refuseOtherFile(path: string): Promise<void> {
  const handle = await open(path, READ_LINKED).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw reportUnwritable(path, error);
  });
  try {
    if (!handle) return;
    if (!(await handle.stat()).isFile()) throw reportInTheWay(path);
    const opening = Buffer.alloc(REPORT_OPENING.length);
    const { bytesRead } = await handle.read(opening, 0, opening.length, 0);
    if (opening.toString('utf8', 0, bytesRead) !== REPORT_OPENING) throw reportInTheWay(path);
  } finally {
    await handle?.close();
  }
}
