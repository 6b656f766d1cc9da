/** Which of the commands that are to be tried again go into one batch. */

import type { Topology } from '../../db/topology.ts';
import type { Item } from './item.ts';
import { tenantOf } from './waiting-by-tenant.ts';

/** Of a batch, or of a part of it that is posted apart. */
export interface Attempt {
  readonly items: readonly Item[];
  readonly skipLocked: boolean;
  readonly pauseMs: number;
}

/** The first ones, up to `mostCommands` (a larger item goes alone), and what is left: on a distributed database those of the first one's tenant. */
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
