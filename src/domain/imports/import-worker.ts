/**
 * Works on imports, in every process one at a time (ADR-0098).
 *
 * | state of an import | what ends the state, and the next one |
 * |---|---|
 * | UPLOADING | the whole file is stored: READING; the upload breaks off: it is deleted |
 * | READING | the preview is complete: PREVIEWED; the file cannot be read: FAILED |
 * | PREVIEWED | commitImport: COMMITTING; previewImport: READING; discardImport or a week: it is deleted |
 * | COMMITTING | the last row is written: COMMITTED; a row is refused, and all must be written: FAILED |
 * | FAILED | commitImport, if it failed during a commit; previewImport; discardImport or a week |
 * | COMMITTED | final: its rows are deleted after a week, its proof stays |
 *
 * If a process dies, its lease ends. The process that then takes the import makes the preview again, or continues the commit.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { isUnavailable } from '../../db/retry.ts';
import { Overloaded } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/log.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import { createInFlight } from '../../outbox/in-flight.ts';
import type { Ports } from '../ports.ts';
import type { ImportPort } from './import-port.ts';
import { LEASE_MS, LostLease, takeImport } from './taken.ts';
import { writeImport } from './write-import.ts';
import { writePreview } from './write-preview.ts';

/** A request wakes the worker of its own process. Imports of dead processes are polled this many times in the time of a lease. */
const POLLS_PER_LEASE = 4;
/** The pause after a failure. */
const AGAIN_MS = 500;

interface Options {
  readonly ports: Pick<Ports, 'ledger' | 'sql' | 'topology' | 'secrets' | 'passwords'>;
  readonly log: Logger;
  /** Notifies subscribers that an import changed. It neither blocks nor throws. */
  readonly changed: () => void;
  readonly leaseMs?: number | undefined;
}

export interface ImportWorker {
  readonly port: ImportPort;
  start(): void;
  close(): Promise<void>;
}

export function createImportWorker({ changed, leaseMs = LEASE_MS, log, ports }: Options): ImportWorker {
  const turns = createInFlight({ maxInFlight: 1, maxPerKey: 1 });
  const ended = new AbortController();
  const { signal } = ended;
  const takenBy = uuidv7();
  let running: Promise<void> = Promise.resolve();

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const worked = await work().catch(async (error: unknown) => {
        if (signal.aborted || error instanceof LostLease) return false;
        // The database is unreachable or too busy: the lease ends, and the import is taken again.
        if (!isUnavailable(error) && !(error instanceof Overloaded))
          log.error({ err: error }, 'an import cannot continue: the next attempt follows');
        await delay(AGAIN_MS, undefined, { signal, ref: false }).catch(() => {});
        return false;
      });
      if (!worked && !signal.aborted) await turns.change(leaseMs / POLLS_PER_LEASE);
    }
  }

  async function work(): Promise<boolean> {
    const taken = await takeImport(ports, takenBy, leaseMs);
    if (taken === null) return false;
    const write = taken.status === 'READING' ? writePreview : writeImport;
    await write(ports, taken, changed, signal);
    return true;
  }

  return {
    port: {
      wake() {
        changed();
        turns.wake();
      },
    },
    start() {
      running = run();
    },
    async close() {
      ended.abort();
      turns.wake();
      await running;
    },
  };
}
