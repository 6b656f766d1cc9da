/** Loads code and translations on demand, and retries until the server can be reached. */

import { useEffect, useSyncExternalStore } from 'react';
import { waitOrReturn } from './socket.ts';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;

/** The address of each file that could not be fetched. Where the browser's error does not name it: /health. */
const waiting = new Map<symbol, string>();
const RELOAD_EVERY_MS = 2_000;
const RELOAD_AGAIN_AFTER_MS = 60_000;
/** The storage key for the time of the last reload after a 404. */
const RELOADED_AT = 'revenda-reloaded-at';
const watchers = new Set<() => void>();

/** Resolves when the code is loaded. Throws only errors that are not network failures. */
export async function load<Loaded>(code: () => Promise<Loaded>): Promise<Loaded> {
  const request = Symbol('code');
  try {
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
      try {
        return await code();
      } catch (error) {
        if (!isUnreachable(error)) throw error;
        waiting.set(request, /https?:\S+/.exec(String(error))?.[0] ?? '/health');
        announce();
        await waitOrReturn(waitMs);
      }
    }
  } finally {
    if (waiting.delete(request)) announce();
  }
}

/** Whether some code of the screen is missing because the server could not be reached. */
export function useIsCodeMissing(): boolean {
  return useSyncExternalStore(watch, isMissing);
}

/**
 * Loads `address` again as soon as the missing file can be fetched: browsers remember a failed module and do not fetch it again
 * on the same page. Also reloads when the file is gone because a newer version was deployed. `address` null: does nothing.
 */
export function useReloadWhenBack(address: string | null): void {
  useEffect(() => {
    if (address === null) return;
    let isShown = true;
    (async () => {
      while (isShown) {
        await waitOrReturn(RELOAD_EVERY_MS);
        const [missing] = waiting.values();
        const answer = missing === undefined ? null : await fetch(missing, { cache: 'no-store' }).catch(() => null);
        if (missing === undefined || !answer || !isShown) continue;
        if (answer.ok || (answer.status === 404 && mayReload())) return location.assign(address);
      }
    })().catch(() => {});
    return () => {
      isShown = false;
    };
  }, [address]);
}

/** Whether to reload after a 404, because a newer version has other files. At most once a minute, in case that version lacks files too. */
function mayReload(): boolean {
  const lastMs = Number(sessionStorage.getItem(RELOADED_AT));
  if (Date.now() - lastMs < RELOAD_AGAIN_AFTER_MS) return false;
  sessionStorage.setItem(RELOADED_AT, String(Date.now()));
  return true;
}

/** Matches each browser's error message for a module or style sheet that could not be fetched. */
function isUnreachable(error: unknown): boolean {
  return error instanceof Error && /dynamically imported module|module script failed|preload/i.test(error.message);
}

function isMissing(): boolean {
  return waiting.size > 0;
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

function announce(): void {
  for (const watcher of watchers) watcher();
}
