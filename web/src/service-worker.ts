/** The service worker: shows a page of its own where the server cannot be reached, and keeps nothing (ADR-0091). */

import { offlinePage } from './offline-page.ts';

/** The first segments of the application's addresses, written in by the build. */
declare const ADDRESSES: readonly string[];

/** The few parts of a worker's world that are used here: a program has either the page's types or the worker's. */
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

// It has no state: a new one takes the place of an old one at once, whatever is open.
worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener('activate', (event) => event.waitUntil(Promise.resolve(worker.registration.navigationPreload?.enable())));

/** Looked at once each time the browser wakes the worker. */
let isLooked = false;

worker.addEventListener('fetch', (event) => {
  const { pathname } = new URL(event.request.url);
  // What is asked for by the page itself goes its way: answers, files and downloads are never seen here.
  if (event.request.mode !== 'navigate' || !ADDRESSES.includes(pathname.split('/', 2)[1] ?? '')) return;
  event.respondWith(pageOf(event));
  if (isLooked) return;
  isLooked = true;
  event.waitUntil(endWhereRemoved());
});

async function pageOf(event: FetchEvent): Promise<Response> {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return offlinePage();
  }
}

/** A server without it, of another version or another program at this address, is rid of it. */
async function endWhereRemoved(): Promise<void> {
  const answer = await fetch(OWN_ADDRESS, { method: 'HEAD', cache: 'no-store' }).catch(() => null);
  if (answer === null || answer.status >= 500) return;
  const isThere = answer.ok && (answer.headers.get('content-type') ?? '').includes('javascript');
  if (!isThere) await worker.registration.unregister();
}
