/** Keeps reminders going: makes the messages that are due, and hands over those that go by e-mail (R58). */

import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../kernel/log.ts';
import type { Ports } from '../ports.ts';
import { restMs } from '../rest.ts';
import { handMails } from './hand-mails.ts';
import { makeMessages } from './make-messages.ts';

/** How often a process looks for what is due. */
const LOOK_EVERY_MS = 1_000;
/** Between two transactions, as long as the one before took, and this at least; while commands wait for this process's ledger, longer. */
const MIN_PAUSE_MS = 5;

interface Options {
  readonly ports: Pick<Ports, 'ledger' | 'sql' | 'topology' | 'mail' | 'outbox'>;
  readonly log: Logger;
}

/** One in each process; any number of them may work at once. */
export interface ReminderClock {
  start(): void;
  close(): Promise<void>;
}

export function createReminderClock({ log, ports }: Options): ReminderClock {
  const ended = new AbortController();
  const { signal } = ended;
  let running: Promise<void> = Promise.resolve();

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const begunMs = performance.now();
      let isMore = false;
      try {
        isMore = await makeMessages(ports);
        isMore = (await handMails(ports)) || isMore;
      } catch (error) {
        // The database is away, or too busy: nothing is lost, and the next look finds it.
        if (!signal.aborted) log.warn({ err: error }, 'reminders wait');
      }
      const workedMs = performance.now() - begunMs;
      const pauseMs = isMore ? Math.max(MIN_PAUSE_MS, workedMs, restMs(ports, workedMs)) : LOOK_EVERY_MS;
      await delay(pauseMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  return {
    start() {
      running = run();
    },
    async close() {
      ended.abort();
      await running;
    },
  };
}
