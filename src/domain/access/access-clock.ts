/** Runs the access feed: numbers committed events, and adds events for changes that time alone causes (R48). */

import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../kernel/log.ts';
import type { Ports } from '../ports.ts';
import { changeScreens, endTerms } from './end-terms.ts';
import { numberEvents } from './number-events.ts';

/** The shortest pause between two rounds of numbering. Events that are committed meanwhile are numbered together. */
const PAUSE_MS = 50;
/** After a round with this many events the pause is longer, so that more events share the fixed cost of a round. */
const MANY_EVENTS = 100;
const LONGER_PAUSE_MS = 150;
/** Events that another process committed but did not number, for example because it died, are found after this long. */
const POLL_EVERY_MS = 1_000;
/** The event of a term's end is at most this late, plus the duration of a round. */
const END_EVERY_MS = 10_000;

interface Options {
  readonly ports: Pick<Ports, 'sql' | 'topology'>;
  readonly log: Logger;
  /** Called after events were numbered. */
  readonly numbered: () => void;
}

/** Each process has one; any number of them may work concurrently. */
export interface AccessClock {
  start(): void;
  /** Call this after a commit that changed what customers may use. It neither blocks nor throws. */
  wake(): void;
  close(): Promise<void>;
}

export function createAccessClock({ log, numbered, ports }: Options): AccessClock {
  const ended = new AbortController();
  const { signal } = ended;
  let isRunning = false;
  let wake: () => void = () => {};
  let isWoken = false;
  let running: Promise<void> = Promise.resolve();

  async function run(): Promise<void> {
    let endAtMs = 0;
    while (!signal.aborted) {
      isWoken = false;
      let events = 0;
      try {
        if (performance.now() >= endAtMs) {
          endAtMs = performance.now() + END_EVERY_MS;
          await endTerms(ports, signal);
          await changeScreens(ports, signal);
        }
        events = await numberEvents(ports, signal);
        if (events > 0) numbered();
      } catch (error) {
        // The database is unreachable or too busy. Nothing is lost: the next round finds the events.
        if (!signal.aborted) log.warn({ err: error }, 'the access feed cannot be numbered: the next attempt follows');
      }
      await delay(events < MANY_EVENTS ? PAUSE_MS : LONGER_PAUSE_MS, undefined, { signal, ref: false }).catch(() => {});
      if (!isWoken) await untilWoken();
    }
  }

  async function untilWoken(): Promise<void> {
    const asked = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const timer = new AbortController();
    await Promise.race([
      asked,
      delay(POLL_EVERY_MS, undefined, { signal: AbortSignal.any([signal, timer.signal]), ref: false }).catch(() => {}),
    ]);
    timer.abort();
  }

  return {
    start() {
      if (isRunning) return;
      isRunning = true;
      running = run();
    },
    wake() {
      isWoken = true;
      wake();
    },
    async close() {
      ended.abort();
      wake();
      await running;
    },
  };
}
