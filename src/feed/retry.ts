/** Retries reads of the journal while the database is unavailable. */

import { setTimeout as delay } from 'node:timers/promises';
import { isUnavailable } from '../db/retry.ts';
import { NoAnswer } from '../db/within.ts';
import type { FeedLimits } from './limits.ts';

/** Whether a retry may succeed: the database was lost, is restarting or overloaded, or another session has locked a table. */
function isPassing(error: unknown): boolean {
  return error instanceof NoAnswer || isUnavailable(error);
}

/**
 * Repeats a read until it succeeds, and waits longer each time. Rejects as soon as the signal is aborted, or when a retry
 * cannot help.
 */
export async function untilRead<T>(read: () => Promise<T>, limits: FeedLimits, signal: AbortSignal): Promise<T> {
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
