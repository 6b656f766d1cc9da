/** Refuses to move a branch below a limit that it does not fit into (R56). */

import type { Transaction } from '../../db/sql.ts';
import { LimitReached } from '../../kernel/errors.ts';
import { type Counted, LIMIT_OF } from '../../kernel/limits.ts';
import type { PanelNow } from '../acting-panel.ts';
import { type BranchLoad, branchLoad, type LimitedPlace } from './limits-on-path.ts';

/**
 * Throws LimitReached, with how many there would be. `limited`: those above the new place that were not above the old one. What
 * adds nothing to a limit that is exceeded already is not refused.
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

/** Of the limited panel's branch: its own panel is not below it. */
function countsOf({ customers, panels, trials }: BranchLoad): Readonly<Record<Counted, number>> {
  return { resellers: panels - 1, customers, trials };
}
