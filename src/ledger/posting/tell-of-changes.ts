/** Tells, after a commit, what kinds of things it may have changed beside accounts. */

import type { ChangeSink } from '../ledger.ts';
import { changesCustomers, changesPayments, changesPurchases } from '../rules/footprint.ts';
import type { Item } from './item.ts';

/** `applied`: customers' payments that waited were applied beside the commands, or may have been. */
export function tellOfChanges(sink: ChangeSink, items: readonly Pick<Item, 'commands'>[], applied: boolean): void {
  if (items.some(({ commands }) => commands.some(changesPurchases))) sink.purchases();
  if (applied || items.some(({ commands }) => commands.some(changesCustomers))) sink.customers?.();
  if (applied || items.some(({ commands }) => commands.some(changesPayments))) sink.customerPayments?.();
}
