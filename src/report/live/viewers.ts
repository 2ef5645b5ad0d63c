import type { ServerResponse } from 'node:http';
import { LIVE_GOODBYE_MS, LIVE_VIEWERS } from '../../limits.js';

/** The pages that look on: each has a response that stays open and takes one message after the other. */
export class Viewers {
  readonly #responses = new Set<ServerResponse>();

  get areFull(): boolean {
    return this.#responses.size >= LIVE_VIEWERS;
  }

  get areNone(): boolean {
    return this.#responses.size === 0;
  }

  /** Takes `response` on, with a first message. */
  add(response: ServerResponse, message: object): void {
    this.#responses.add(response);
    response.on('close', () => this.#responses.delete(response));
    response.write(`retry: 1000\n${encodeMessage(message)}`);
  }

  send(message: object): void {
    if (this.areNone) return;
    const text = encodeMessage(message);
    // A page that does not keep up misses messages, which are whole each: nothing piles up here.
    for (const response of this.#responses) if (!response.writableNeedDrain) response.write(text);
  }

  /** Sends the last message; resolves once it is on its way to all, or after a moment. */
  async dismiss(message: object): Promise<void> {
    const text = encodeMessage(message);
    const ends = [...this.#responses].map(
      (response) => new Promise<void>((resolve) => response.end(text, resolve)),
    );
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, LIVE_GOODBYE_MS)));
    await Promise.race([Promise.all(ends), patience]);
    clearTimeout(timer);
  }
}

/** JSON has no line ends, so a message is one line of an event stream. */
function encodeMessage(message: object): string {
  return `data: ${JSON.stringify(message)}\n\n`;
}
