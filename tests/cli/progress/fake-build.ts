import { Writable } from 'node:stream';
import type { BuildEvent, SizedPlan } from '../../../src/build/options.js';

/** Ten jobs of a million numbers of ten bytes each. */
export const PLAN: SizedPlan = {
  aggregate: 'list',
  signature: { name: 'reduced', version: '1' },
  range: { start: 10_000_000n, end: 20_000_000n },
  layout: 'signature',
  chunk: 1_000_000n,
  numbers: 10_000_000n,
  signatures: 6000n,
  jobs: 10n,
  files: 6000n,
  bytes: 100_000_000n,
};

/** The event that begins a build of `PLAN` of which `jobsDone` jobs were done before. */
export function startedEvent(jobsDone = 0): BuildEvent {
  return { type: 'started', plan: PLAN, out: 'tables', cpus: 2, ...countDone(jobsDone) };
}

/** The event that the `jobsDone`th job of `PLAN` has ended. */
export function jobDoneEvent(jobsDone: number): BuildEvent {
  return { type: 'job-done', job: jobsDone - 1, ...countDone(jobsDone) };
}

function countDone(jobsDone: number) {
  return { jobsDone, numbersDone: BigInt(jobsDone) * 1_000_000n, bytesDone: BigInt(jobsDone) * 10_000_000n };
}

/** A stream that keeps what is written to it, as a terminal of `columns` columns or as a file. */
export class CapturedStream extends Writable {
  text = '';
  readonly isTTY: boolean;
  columns: number | undefined;

  constructor(columns?: number) {
    super({ decodeStrings: false });
    this.isTTY = columns !== undefined;
    this.columns = columns;
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.text += chunk;
    done();
  }

  /** The lines as a file shows them. */
  get lines(): string[] {
    return this.text.split('\n').slice(0, -1);
  }

  /** What stands on the screen, colours left out; lines longer than the screen would be wrapped. */
  get screen(): string[] {
    const columns = this.columns ?? Infinity;
    return this.text.split('\n').map((line) => {
      // Each frame begins and ends with a carriage return; the line shows the last one that is not empty.
      const frames = stripSequences(line).split('\r');
      if (frames.some((frame) => frame.length >= columns && frame.includes('|')))
        throw new Error(`a frame of ${columns} columns or more: ${line}`);
      return frames.findLast((frame) => frame !== '') ?? '';
    });
  }
}

function stripSequences(text: string): string {
  return text.replace(/\x1b\[(?:\d+m|\?7[hl]|[KJ])/g, '');
}
