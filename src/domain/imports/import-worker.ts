/**
 * Works on imports, as every process does, one at a time in each (ADR-0098).
 *
 * | an import | leaves this state by |
 * |---|---|
 * | UPLOADING | all of its file being kept: READING; or by breaking off: it is removed |
 * | READING | its preview being whole: PREVIEWED; or a file that cannot be read: FAILED |
 * | PREVIEWED | commitImport: COMMITTING; previewImport: READING; discardImport, or a week: it is removed |
 * | COMMITTING | its last row being written: COMMITTED; or a row that is refused where all must be written: FAILED |
 * | FAILED | commitImport, where it failed in a commit; previewImport; discardImport, or a week |
 * | COMMITTED | never: its rows are removed after a week, its proof stays |
 *
 * A process that dies leaves a lease that ends; whoever takes the import then makes a preview anew, and goes on with a commit.
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

/** Whoever asks wakes the worker of its own process. What a process that died has left is looked for so often in the time of its lease. */
const LOOKS_A_LEASE = 4;
/** Before what could not be done is tried again. */
const AGAIN_MS = 500;

interface Options {
  readonly ports: Pick<Ports, 'ledger' | 'sql' | 'topology' | 'secrets' | 'passwords'>;
  readonly log: Logger;
  /** An import changed: those who watch it should look. Neither blocks nor throws. */
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
        // The database is away, or too busy: the lease ends, and the import is taken again.
        if (!isUnavailable(error) && !(error instanceof Overloaded)) log.error({ err: error }, 'an import cannot go on');
        await delay(AGAIN_MS, undefined, { signal, ref: false }).catch(() => {});
        return false;
      });
      if (!worked && !signal.aborted) await turns.change(leaseMs / LOOKS_A_LEASE);
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
