import { QUEUE_SILENCE_MS } from '../limits.js';

/**
 * Waits for an answer of the queue, but not for ever: a client that reconnects holds what it was asked until then. Does not keep the
 * process up: connections do, while there are any.
 */
export async function withDeadline<T>(answer: Promise<T>, mostMs = QUEUE_SILENCE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer for ${mostMs / 1000} s`)), mostMs).unref();
  });
  try {
    return await Promise.race([answer, deadline]);
  } finally {
    clearTimeout(timer);
    // Whatever comes of it later was given up.
    answer.catch(() => undefined);
  }
}

/** Runs `act` and keeps the process up meanwhile, though the connections that it waits for may be gone. */
export async function keepUp<T>(act: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => undefined, QUEUE_SILENCE_MS);
  try {
    return await act();
  } finally {
    clearInterval(timer);
  }
}
