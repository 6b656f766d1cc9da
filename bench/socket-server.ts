import { setImmediate } from 'node:timers/promises';
import type { Change } from '../src/kernel/journal.ts';
import { type Setup, type Started, serve } from './server.ts';
import { changeOf } from './subscription-schema.ts';
import type { Panel } from './world.ts';

/** As many as a busy batch of postings brings at once. */
const CHANGES_AT_ONCE = 256;

export interface SocketServer {
  readonly port: number;
  /** Hands committed changes to whoever subscribed to them. */
  publish(changes: readonly Change[]): void;
  /** How many subscriptions it serves. */
  subscribers(): number;
}

/** In the child: a server of sockets that is told to publish rounds. In a round every panel has one change. */
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
 * What is left when everything that can be collected is, and the pages that hold it are compacted, as V8 does by itself
 * in a process that has nothing to do for a while. The process runs with --expose-gc.
 */
async function residentBytes(): Promise<number> {
  for (let time = 0; time < 2; time += 1) {
    await globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    await setImmediate();
  }
  return process.memoryUsage().rss;
}
