/** Chooses which commands that are due for a retry go into one batch. */

import type { Topology } from '../../db/topology.ts';
import type { Item } from './item.ts';
import { tenantOf } from './waiting-by-tenant.ts';

/** One attempt to post a batch or a part of it. */
export interface Attempt {
  readonly items: readonly Item[];
  readonly skipLocked: boolean;
  readonly pauseMs: number;
}

/**
 * Splits off the first items, with up to `mostCommands` commands (a larger item is posted alone), and returns the rest as `left`.
 * On a distributed database the batch contains items of the first item's tenant only.
 */
export function firstToRetry(retrying: readonly Item[], mostCommands: number, topology: Topology): { batch: Item[]; left: Item[] } {
  const [first] = retrying;
  const isOurs = (item: Item) => topology === 'single' || (first !== undefined && tenantOf(item) === tenantOf(first));
  const batch: Item[] = [];
  const left: Item[] = [];
  let commands = 0;
  let isFull = false;
  for (const item of retrying) {
    const fits = batch.length === 0 || !(item.alone || commands + item.commands.length > mostCommands);
    if (isFull || !isOurs(item)) {
      left.push(item);
    } else if (fits) {
      batch.push(item);
      commands += item.commands.length;
      isFull = item.alone;
    } else {
      left.push(item);
      isFull = true;
    }
  }
  return { batch, left };
}
