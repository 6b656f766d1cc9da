/** Announces, after a commit, which kinds of objects other than accounts it may have changed. */

import type { ChangeSink } from '../ledger.ts';
import { changesCustomers, changesPayments, changesPurchases } from '../rules/footprint.ts';
import type { BatchResult } from './batch.ts';
import type { Submission } from './submission.ts';

type Ended = Extract<BatchResult, { readonly status: 'committed' | 'unknown' }>;

/** If the outcome is unknown, so is whether the batch applied waiting customer payments: then it counts as applied. */
export function announceChanges(sink: ChangeSink, submissions: readonly Pick<Submission, 'commands'>[], result: Ended): void {
  const applied = result.status === 'unknown' || result.applied;
  if (submissions.some(({ commands }) => commands.some(changesPurchases))) sink.purchases();
  if (applied || submissions.some(({ commands }) => commands.some(changesCustomers))) sink.customers?.();
  if (applied || submissions.some(({ commands }) => commands.some(changesPayments))) sink.customerPayments?.();
}
