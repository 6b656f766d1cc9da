/** The service worker: shows the offline page when the server cannot be reached, and caches nothing (ADR-0091). */

import { offlinePage } from './offline-page.ts';

/** The first segments of the application's addresses; the build inserts them. */
declare const ADDRESSES: readonly string[];

/** The parts of the service worker API that this file uses. A TypeScript program has either the page's types or the worker's. */
interface Worker {
  readonly location: Location;
  readonly registration: {
    readonly navigationPreload?: { enable(): Promise<void> };
    unregister(): Promise<boolean>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
}

interface Lasting {
  waitUntil(work: Promise<unknown>): void;
}

interface FetchEvent extends Lasting {
  readonly request: Request;
  readonly preloadResponse: Promise<Response | undefined>;
  respondWith(answer: Promise<Response>): void;
}

const OWN_ADDRESS = '/sw.js';

const worker = globalThis as unknown as Worker;

// The worker has no state, so a new version replaces an old one at once, even with open pages.
worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener('activate', (event) => event.waitUntil(Promise.resolve(worker.registration.navigationPreload?.enable())));

/** The check runs once each time the browser starts the worker. */
let hasChecked = false;

worker.addEventListener('fetch', (event) => {
  const { pathname } = new URL(event.request.url);
  // The worker handles only page navigations, never API responses, files or downloads.
  if (event.request.mode !== 'navigate' || !ADDRESSES.includes(pathname.split('/', 2)[1] ?? '')) return;
  event.respondWith(pageOf(event));
  if (hasChecked) return;
  hasChecked = true;
  event.waitUntil(endWhereRemoved());
});

async function pageOf(event: FetchEvent): Promise<Response> {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return offlinePage();
  }
}

/** Unregisters the worker if the server at this address no longer serves it (another version, or another program). */
async function endWhereRemoved(): Promise<void> {
  const answer = await fetch(OWN_ADDRESS, { method: 'HEAD', cache: 'no-store' }).catch(() => null);
  if (answer === null || answer.status >= 500) return;
  const isThere = answer.ok && (answer.headers.get('content-type') ?? '').includes('javascript');
  if (!isThere) await worker.registration.unregister();
}
