/** Runs reminders: makes the messages that are due, and passes e-mail messages to the outbox (R58). */

import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../kernel/log.ts';
import { pauseAfterMs } from '../pause.ts';
import type { Ports } from '../ports.ts';
import { mailReminders } from './mail-reminders.ts';
import { makeMessages } from './make-messages.ts';

/** How often a process checks for messages that are due. */
const POLL_EVERY_MS = 1_000;
/**
 * The shortest pause between two transactions. Otherwise it is as long as the previous transaction took, or longer while commands
 * wait for this process's ledger.
 */
const MIN_PAUSE_MS = 5;

interface Options {
  readonly ports: Pick<Ports, 'ledger' | 'sql' | 'topology' | 'mail' | 'outbox'>;
  readonly log: Logger;
}

/** Each process has one; any number of them may work concurrently. */
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
        isMore = (await mailReminders(ports)) || isMore;
      } catch (error) {
        // The database is unreachable or too busy. Nothing is lost: the next check finds what is due.
        if (!signal.aborted) log.warn({ err: error }, 'reminders wait');
      }
      const workedMs = performance.now() - begunMs;
      const pauseMs = isMore ? Math.max(MIN_PAUSE_MS, workedMs, pauseAfterMs(ports, workedMs)) : POLL_EVERY_MS;
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
