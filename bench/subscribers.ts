/** The contestant that posts through our queue while subscribers read the feed. */

import { createFeed } from '../src/feed/create-feed.ts';
import type { Feed } from '../src/feed/feed.ts';
import { createLogger } from '../src/kernel/log.ts';
import { type Contestant, throughQueue } from './contestants.ts';
import { type Forest, openQueue, type Panel, randomly } from './world.ts';

/** The queue with a feed, and this many subscribers to the balances of panels that receive transfers. */
export async function throughQueueWithFeed(url: string, forest: Forest, subscribers: number): Promise<Contestant> {
  const running = createFeed({ url, topology: 'single', log: createLogger('warn') });
  await running.start();
  const contestant = throughQueue(openQueue(url, running.sink));
  const pick = randomly(forest);
  const readers = Array.from({ length: subscribers }, () => {
    const { from, toId } = pick();
    return readAll(running.feed, { ...from, id: toId });
  });
  return {
    transfer: contestant.transfer,
    async close() {
      await contestant.close();
      await running.stop();
      await Promise.all(readers);
    },
  };
}

/** Reads until the feed stops. A missing or repeated change ends the run. */
async function readAll(feed: Feed, { tenantId, id }: Omit<Panel, 'userId'>): Promise<void> {
  let last: number | null = null;
  for await (const { account } of feed.balance(tenantId, id, null)) {
    if (last !== null && account.version !== last + 1) throw new Error(`after version ${last} a subscriber got ${account.version}`);
    last = account.version;
  }
}
