import { SigtablesError, systemFailed, tableCheckFailed } from '../errors.js';
import { isSharded, readAnyManifest, readManifest } from '../tables/manifest.js';
import { checkSet } from './check-set.js';
import { startCheckPool } from './file-check.js';
import type { CheckResult, VerifyOptions, VerifyResult } from './options.js';
import { checkShards } from './shards.js';

/**
 * Checks the table set in `options.folder`, sharded or not, and, where asked to, mends it. Faults of files are results; throws TABLES for a
 * manifest that is absent or damaged, USAGE for a signature that is not known where it must be, IO for what cannot be read, and with `repair`
 * LOCKED and what writing may throw.
 */
export async function verify(options: VerifyOptions): Promise<VerifyResult> {
  const startMs = performance.now();
  const result = await verifyInPool(options);
  return { ...result, elapsedMs: performance.now() - startMs };
}

async function verifyInPool(options: VerifyOptions): Promise<CheckResult> {
  const { folder, repair } = options;
  // Before anything else: a thread loads while the manifest is read.
  const pool = startCheckPool(options.cpus);
  try {
    const manifest = await readAnyManifest(folder);
    return isSharded(manifest)
      ? await checkShards(pool, options, manifest)
      : await checkSet(pool, options, manifest, () => readManifest(folder));
  } catch (error) {
    const { code, errno } = error as NodeJS.ErrnoException;
    if (error instanceof SigtablesError || code === undefined || errno === undefined) throw error;
    const failure = error as NodeJS.ErrnoException;
    throw repair
      ? systemFailed(folder, failure, 'no file has become worse')
      : tableCheckFailed(folder, failure);
  } finally {
    await pool.destroy();
  }
}
