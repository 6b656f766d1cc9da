/** Tells, after a commit, what kinds of things it may have changed beside accounts. */

import type { ChangeSink } from '../ledger.ts';
import { changesCustomers, changesPayments, changesPurchases } from '../rules/footprint.ts';
import type { BatchResult } from './batch.ts';
import type { Item } from './item.ts';

type Ended = Extract<BatchResult, { readonly status: 'committed' | 'unknown' }>;

/** What a batch applied of customers' payments beside its commands is not known where its outcome is not. */
export function tellOfChanges(sink: ChangeSink, items: readonly Pick<Item, 'commands'>[], result: Ended): void {
  const applied = result.status === 'unknown' || result.applied;
  if (items.some(({ commands }) => commands.some(changesPurchases))) sink.purchases();
  if (applied || items.some(({ commands }) => commands.some(changesCustomers))) sink.customers?.();
  if (applied || items.some(({ commands }) => commands.some(changesPayments))) sink.customerPayments?.();
}
