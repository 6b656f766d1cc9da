/** Refuses to move a branch below a panel whose limits it would exceed (R56). */

import type { Transaction } from '../../db/sql.ts';
import { LimitReached } from '../../kernel/errors.ts';
import { type Counted, LIMIT_OF } from '../../kernel/limits.ts';
import type { PanelNow } from '../acting-panel.ts';
import { type BranchLoad, branchLoad, type LimitedPlace } from './limits-on-path.ts';

/**
 * Throws LimitReached with the count that the move would produce. `limited` are the limited panels above the new position that
 * were not above the old one. A limit that is exceeded already refuses only a branch that adds to its count.
 */
export async function refuseTighter(tx: Transaction, tenantId: string, moved: PanelNow, limited: readonly LimitedPlace[]): Promise<void> {
  if (limited.length === 0) return;
  const comes = await branchLoad(tx, tenantId, moved.path);
  const more: Readonly<Record<Counted, number>> = { resellers: comes.panels, customers: comes.customers, trials: comes.trials };
  for (const one of limited) {
    if (!one.mayCreateResellers) throw new LimitReached('mayCreateResellers', 0, comes.panels);
    const { maxScreensPerCustomer: screens } = one;
    if (screens !== null && comes.screens > screens) throw new LimitReached('maxScreensPerCustomer', screens, comes.screens);
    const there = countsOf(await branchLoad(tx, tenantId, one.path));
    for (const counted of ['resellers', 'customers', 'trials'] as const) {
      const allowed = one[LIMIT_OF[counted]];
      const used = there[counted] + more[counted];
      if (allowed !== null && more[counted] > 0 && used > allowed) throw new LimitReached(LIMIT_OF[counted], allowed, used);
    }
  }
}

/** The counts below the limited panel, so without the panel itself. */
function countsOf({ customers, panels, trials }: BranchLoad): Readonly<Record<Counted, number>> {
  return { resellers: panels - 1, customers, trials };
}
