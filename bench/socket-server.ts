/** The common part of all servers that deliver changes to sockets. */

import { setImmediate } from 'node:timers/promises';
import type { Change } from '../src/kernel/journal.ts';
import { type Setup, type Started, serve } from './server.ts';
import { changeOf } from './subscription-schema.ts';
import type { Panel } from './world.ts';

/** As many changes as a busy batch of postings publishes at once. */
const CHANGES_AT_ONCE = 256;

export interface SocketServer {
  readonly port: number;
  /** Publishes committed changes to their subscribers. */
  publish(changes: readonly Change[]): void;
  /** The number of open subscriptions. */
  subscribers(): number;
}

/** Runs in the child: a socket server that publishes rounds on request. In a round every panel has one change. */
export function serveSockets(start: (setup: Setup) => Promise<SocketServer>): void {
  serve(async (setup): Promise<Started> => {
    const { port, publish, subscribers } = await start(setup);
    const panels = [...new Map(setup.sessions.map(([, panel]) => [panel.id, panel])).values()];
    let rounds = 0;
    return {
      port,
      async answer(question) {
        if (question === 'memory') return residentBytes();
        if (question === 'subscribers') return subscribers();
        rounds += 1;
        for (const some of inSlices(panels)) {
          publish(some.map((panel) => changeOf(panel, rounds)));
          await setImmediate();
        }
        return rounds;
      },
    };
  });
}

function* inSlices(panels: readonly Panel[]): Generator<readonly Panel[]> {
  for (let start = 0; start < panels.length; start += CHANGES_AT_ONCE) yield panels.slice(start, start + CHANGES_AT_ONCE);
}

/**
 * Returns the resident memory after full garbage collection and compaction. V8 does both by itself in a process that
 * is idle for a while. The process runs with --expose-gc.
 */
async function residentBytes(): Promise<number> {
  for (let time = 0; time < 2; time += 1) {
    await globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    await setImmediate();
  }
  return process.memoryUsage().rss;
}
