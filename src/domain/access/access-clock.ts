/** Keeps the access feed going: numbers what was committed, and tells what time alone changes (R48). */

import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../kernel/log.ts';
import type { Ports } from '../ports.ts';
import { changeScreens, endTerms } from './end-terms.ts';
import { numberEvents } from './number-events.ts';

/** At least this long between two looks after commits: what comes meanwhile is numbered together. */
const PAUSE_MS = 50;
/** After a look that found this many the next one waits longer: what a look costs beside its events is shared by more of them. */
const MANY_EVENTS = 100;
const LONGER_PAUSE_MS = 150;
/** What another process wrote and did not number, as when it died, is found after this long. */
const LOOK_EVERY_MS = 1_000;
/** The end of a term is told at most this late, and the time that a look takes. */
const END_EVERY_MS = 10_000;

interface Options {
  readonly ports: Pick<Ports, 'sql' | 'topology'>;
  readonly log: Logger;
  /** Events were numbered. */
  readonly numbered: () => void;
}

/** One in each process; any number of them may work at once. */
export interface AccessClock {
  start(): void;
  /** A commit changed what customers may use. Neither blocks nor throws. */
  wake(): void;
  close(): Promise<void>;
}

export function createAccessClock({ log, numbered, ports }: Options): AccessClock {
  const ended = new AbortController();
  const { signal } = ended;
  let isRunning = false;
  let wake: () => void = () => {};
  let isAsked = false;
  let running: Promise<void> = Promise.resolve();

  async function run(): Promise<void> {
    let endAtMs = 0;
    while (!signal.aborted) {
      isAsked = false;
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
        // The database is away, or too busy: nothing is lost, and the next look finds it.
        if (!signal.aborted) log.warn({ err: error }, 'the access feed waits');
      }
      await delay(events < MANY_EVENTS ? PAUSE_MS : LONGER_PAUSE_MS, undefined, { signal, ref: false }).catch(() => {});
      if (!isAsked) await untilAsked();
    }
  }

  async function untilAsked(): Promise<void> {
    const asked = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const timer = new AbortController();
    await Promise.race([
      asked,
      delay(LOOK_EVERY_MS, undefined, { signal: AbortSignal.any([signal, timer.signal]), ref: false }).catch(() => {}),
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
      isAsked = true;
      wake();
    },
    async close() {
      ended.abort();
      wake();
      await running;
    },
  };
}
