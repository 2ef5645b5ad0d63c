import { StringDecoder } from 'node:string_decoder';
import type { ProgressStream } from './reporter.js';

/**
 * Takes what others write to a terminal while a bar stands there, such as a plug-in's console or a warning of Node's, and
 * hands it on in whole lines, for which the bar can make room.
 */
export class ForeignOutput {
  readonly #stream: ProgressStream;
  readonly #write: ProgressStream['write'];
  readonly #handOn: (write: () => void) => void;
  readonly #decoder = new StringDecoder();
  #rest = '';

  /** Calls `handOn` with what writes whole lines, once there are some. */
  constructor(stream: ProgressStream, handOn: (write: () => void) => void) {
    this.#stream = stream;
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is put back as it is
    this.#write = stream.write;
    this.#handOn = handOn;
    stream.write = this.#take;
  }

  /** Gives the stream back, with what of a line is left. */
  release(): void {
    this.#stream.write = this.#write;
    const rest = this.#rest + this.#decoder.end();
    this.#rest = '';
    if (rest !== '') this.#handOn(() => this.#stream.write(`${rest}\n`));
  }

  readonly #take = (chunk: string | Uint8Array, ...others: unknown[]): boolean => {
    const text = this.#rest + (typeof chunk === 'string' ? chunk : this.#decoder.write(Buffer.from(chunk)));
    const end = text.lastIndexOf('\n') + 1;
    this.#rest = text.slice(end);
    if (end > 0) this.#handOn(() => this.#write.call(this.#stream, text.slice(0, end)));
    const done = others.findLast((other) => typeof other === 'function');
    if (done) process.nextTick(done);
    return true;
  };
}
