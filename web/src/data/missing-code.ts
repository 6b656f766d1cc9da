/** Loads code and words on demand, and tries again for as long as the network has none. */

import { useEffect, useSyncExternalStore } from 'react';
import { waitOrReturn } from './socket.ts';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;

/** What is waited for, by the address that could not be fetched; a browser that does not name it leaves the server's own. */
const waiting = new Map<symbol, string>();
const RELOAD_EVERY_MS = 2_000;
const RELOAD_AGAIN_AFTER_MS = 60_000;
/** When a file was not there any more. */
const RELOADED_AT = 'revenda-reloaded-at';
const watchers = new Set<() => void>();

/** Resolves when the code is there. What fails for another reason than the way to it is thrown. */
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

/** Whether something of the screen is still waited for, because the server could not be reached. */
export function useIsCodeMissing(): boolean {
  return useSyncExternalStore(watch, isMissing);
}

/**
 * Goes to `address` anew as soon as what is missing can be fetched: browsers remember that a module failed, and would not ask
 * for it again on this page. So it is when a newer version took its place meanwhile. `address` null: there is nowhere to go now.
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

/** Whether a newer version's page may name other files; not again and again where that one lacks some too. */
function mayReload(): boolean {
  const lastMs = Number(sessionStorage.getItem(RELOADED_AT));
  if (Date.now() - lastMs < RELOAD_AGAIN_AFTER_MS) return false;
  sessionStorage.setItem(RELOADED_AT, String(Date.now()));
  return true;
}

/** Each browser's own words for a module, or its style, that could not be fetched. */
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
