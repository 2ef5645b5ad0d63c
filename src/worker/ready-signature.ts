import { tellLoadedMemory } from '../pool/memory-messages.js';
import { readyReduced } from '../signatures/plug-in/built-in.js';
import { loadSignature, setUpSignature } from '../signatures/plug-in/load.js';
import { untilCrash, watchPlugIn } from './plug-in-watch.js';
import type { ReadySignature, SignatureSource } from '../signatures/plug-in/source.js';

/** The signature that a worker's recipe names, set up; the built-in one where there is no `source`. */
export async function openReadySignature(source: SignatureSource | undefined): Promise<ReadySignature> {
  if (!source) return readyReduced;
  watchPlugIn(source.path);
  const ready = await untilCrash(loadSignature(source).then(setUpSignature));
  tellLoadedMemory();
  return ready;
}
