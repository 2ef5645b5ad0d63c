import type { ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
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
    const ends = [...this.#responses].map(async (response) => {
      response.end(text);
      await finished(response).catch(() => undefined);
    });
    const patience = new AbortController();
    await Promise.race([
      Promise.all(ends),
      sleep(LIVE_GOODBYE_MS, undefined, patience).catch(() => undefined),
    ]);
    patience.abort();
  }
}

/** JSON has no line ends, so a message is one line of an event stream. */
function encodeMessage(message: object): string {
  return `data: ${JSON.stringify(message)}\n\n`;
}
