/** Limits how many long answers are sent at once, in total and for each tenant, over all processes of this port. */

import { LimitExceeded, Overloaded } from '../../kernel/errors.ts';
import type { Siblings } from '../../kernel/siblings.ts';
import type { ExportLimits } from '../limits.ts';
import { SharedCounts } from '../shared-counts.ts';

/** Takes one of a tenant's places; call the result to release it. Throws LimitExceeded or Overloaded when none is free. */
export type TakeExportSlot = (tenantId: string) => () => void;

export function createExportSlots(limits: ExportLimits, siblings: Siblings | null = null): TakeExportSlot {
  const running = new SharedCounts('long answers', siblings);
  return (tenantId) => {
    if (running.count(tenantId) >= limits.exportsPerTenant)
      throw new LimitExceeded(`${limits.exportsPerTenant} exports of your tenant are being sent: wait for one to end.`);
    if (running.total() >= limits.exports) throw new Overloaded(limits.retryAfterSeconds, 'Too many exports are being sent: try again.');
    running.add(tenantId, 1);
    return () => running.add(tenantId, -1);
  };
}
