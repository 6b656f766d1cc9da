/** Retries reads of the journal with a deadline while the database is away. */

import { setTimeout as delay } from 'node:timers/promises';
import { isUnavailable } from '../db/retry.ts';
import type { FeedLimits } from './limits.ts';

/** No answer within the deadline: the connection is taken for lost. */
export class NoAnswer extends Error {}

/** Whether trying again may succeed: the database was lost, is restarting or overloaded, or a stranger keeps a table to itself. */
function isPassing(error: unknown): boolean {
  return error instanceof NoAnswer || isUnavailable(error);
}

/** Settles as `work` does, or rejects with NoAnswer after `deadlineMs`. */
export async function within<T>(work: Promise<T>, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer(`no answer from the database within ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Does a read until it succeeds, waiting longer each time, for as long as somebody wants it: rejects as soon as the
 * signal is aborted, or when trying again cannot help.
 */
export async function patiently<T>(read: () => Promise<T>, limits: FeedLimits, signal: AbortSignal): Promise<T> {
  for (let waitMs = limits.retryFirstMs; ; waitMs = Math.min(waitMs * 2, limits.retryLongestMs)) {
    try {
      return await unlessAborted(read(), signal);
    } catch (error) {
      if (signal.aborted || !isPassing(error)) throw error;
    }
    await delay(waitMs, undefined, { signal, ref: false });
  }
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
