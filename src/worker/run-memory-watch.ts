import { writeSync } from 'node:fs';
import { Session } from 'node:inspector';
import { BroadcastChannel, workerData } from 'node:worker_threads';
import { MEMORY_GRACE_MS, MEMORY_WATCH_MS } from '../limits.js';
import { LOADED_CHANNEL, type MemoryWatchRecipe } from '../pool/memory-messages.js';

// A thread of its own, since the main one may be busy with the plug-in's code. Only the main thread can end the process with a status:
// the inspector has it call the function that does so, even in the middle of a loop.

const { bounds, mainHeapBytes, isMainWatched, endFunction, lastWords } = workerData as MemoryWatchRecipe;
const mainWatched = new Int32Array(isMainWatched);
let loadedBytes = 0;
let session: Session | undefined;

const channel = new BroadcastChannel(LOADED_CHANNEL);
channel.onmessage = ({ data }: { data: unknown }) => {
  loadedBytes += Number(data);
};
const timer = setInterval(look, MEMORY_WATCH_MS);

function look(): void {
  const residentBytes = process.memoryUsage.rss();
  const boundBytes = Math.min(bounds.bytes + loadedBytes, bounds.mostBytes);
  if (residentBytes > boundBytes) end(residentBytes, boundBytes, 'resident');
  // The heap is a part of what is resident: below, there is nothing to ask.
  else if (Atomics.load(mainWatched, 0) === 1 && residentBytes > mainHeapBytes / 2) askMainHeap();
}

function askMainHeap(): void {
  connect().post('Runtime.getHeapUsage', (error, usage: { usedSize?: number } = {}) => {
    // Garbage counts too: V8 collects it before a heap comes near its limit.
    const { usedSize = 0 } = usage;
    if (!error && usedSize > mainHeapBytes) end(usedSize, mainHeapBytes, 'heap');
  });
}

function end(usedBytes: number, boundBytes: number, kind: 'resident' | 'heap'): void {
  clearInterval(timer);
  const expression = `globalThis[Symbol.for(${JSON.stringify(endFunction)})](${usedBytes}, ${boundBytes}, '${kind}')`;
  connect().post('Runtime.evaluate', { expression });
  setTimeout(kill, MEMORY_GRACE_MS);
}

/** The main thread is in one long call, such as of a regular expression: memory comes before the status. */
function kill(): void {
  writeSync(2, `${lastWords}\n`);
  process.kill(process.pid, 'SIGKILL');
}

function connect(): Session {
  if (session) return session;
  session = new Session();
  session.connectToMainThread();
  return session;
}
