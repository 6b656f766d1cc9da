/** Finds events after their commits, and writes deliveries for the endpoints. Every process runs this (ADR-0086). */

import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../kernel/log.ts';
import { createInFlight } from '../../outbox/in-flight.ts';
import type { Ports } from '../ports.ts';
import { followAccess } from './follow-access.ts';
import { followAccounts } from './follow-accounts.ts';
import { followChanges } from './follow-changes.ts';
import { followReminders } from './follow-reminders.ts';
import type { WriteId } from './payloads.ts';

/** Events of other processes are found after this long. */
const POLL_EVERY_MS = 1_000;
/** The shortest pause between two rounds if there are endpoints. Events that happen meanwhile are written together. */
const PAUSE_MS = 250;
/** How often the accounts of whole tenants are read, and the shortest pause if this process has changed accounts. */
const TENANTS_EVERY_MS = 15_000;
const TENANTS_SOON_MS = 2_000;

interface Options {
  readonly ports: Pick<Ports, 'sql' | 'topology'>;
  readonly writeId: WriteId;
  readonly log: Logger;
  /** Called after deliveries were written. */
  readonly written: () => void;
}

export interface Follower {
  start(): void;
  /** Call this after something happened that may be an event. It neither blocks nor throws. */
  wake(): void;
  /** The same for changes of accounts. */
  accountsChanged(): void;
  close(): Promise<void>;
}

export function createFollower({ log, ports, writeId, written }: Options): Follower {
  const turns = createInFlight({ maxInFlight: 1, maxPerKey: 1 });
  const ended = new AbortController();
  const { signal } = ended;
  let running: Promise<void> = Promise.resolve();
  let readTenantsAtMs = 0;
  let lastReadMs = Number.NEGATIVE_INFINITY;
  let isTenantsSoon = false;
  let hasEndpoints = false;

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        hasEndpoints = await isAnyEndpointEnabled();
        if (await followAll()) written();
      } catch (error) {
        // The database is unreachable or too busy. Nothing is lost: the next round finds the events.
        if (!signal.aborted) log.warn({ err: error }, 'webhooks cannot be written: the next attempt follows');
      }
      await delay(hasEndpoints ? PAUSE_MS : POLL_EVERY_MS, undefined, { signal, ref: false }).catch(() => {});
      if (!signal.aborted && hasEndpoints) await turns.change(POLL_EVERY_MS);
    }
  }

  async function isAnyEndpointEnabled(): Promise<boolean> {
    const { count } = await ports.sql`SELECT FROM webhook_endpoint WHERE disabled_at IS NULL AND removed_at IS NULL LIMIT 1`;
    return count > 0;
  }

  async function followAll(): Promise<boolean> {
    // Without endpoints the position still moves, so that a new endpoint receives only later changes.
    if (!hasEndpoints) return followChanges(ports, writeId, signal);
    const tenants = performance.now() >= readTenantsAtMs;
    if (tenants) {
      lastReadMs = performance.now();
      readTenantsAtMs = lastReadMs + TENANTS_EVERY_MS;
      isTenantsSoon = false;
    }
    const found = [
      await followAccess(ports, writeId, signal),
      await followAccounts(ports, writeId, { tenants, stop: signal }),
      await followChanges(ports, writeId, signal),
      await followReminders(ports, writeId, signal),
    ];
    return found.includes(true);
  }

  return {
    start() {
      running = run();
    },
    wake: () => turns.wake(),
    accountsChanged() {
      if (!isTenantsSoon) {
        isTenantsSoon = true;
        readTenantsAtMs = Math.min(readTenantsAtMs, lastReadMs + TENANTS_SOON_MS);
      }
      turns.wake();
    },
    async close() {
      ended.abort();
      turns.wake();
      await running;
    },
  };
}
