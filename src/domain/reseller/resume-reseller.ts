/** The use case resumeReseller: ends a suspension (R11). */

import type { Acting } from '../../kernel/actor.ts';
import { InvalidState } from '../../kernel/errors.ts';
import { type PanelNow, transactOnPanel } from '../acting-panel.ts';
import { recordAudit } from '../audit/record.ts';
import { type RowId, requirePanel } from '../input.ts';
import type { Ports } from '../ports.ts';
import { refuseBelowSuspender, SUSPEND_ROLES } from './suspend-reseller.ts';

/**
 * Ends a suspension that a panel made; only that panel, or one above it, may end it (R11). A panel that owes credits stays
 * suspended until they are repaid (R29). A panel below a suspended one stays suspended with it.
 */
export async function resumeReseller(
  ports: Pick<Ports, 'sql' | 'announce'>,
  { actor, address }: Acting,
  reseller: RowId | null,
): Promise<RowId> {
  const panel = requirePanel(actor, SUSPEND_ROLES);
  const { tenantId } = actor;
  const transaction = { actor, panelId: panel.id, roles: SUSPEND_ROLES, target: reseller };
  let path: string | null = null;
  try {
    return await transactOnPanel(ports, transaction, async (tx, own, target) => {
      refuseUnheld(target);
      await refuseBelowSuspender(tx, tenantId, own, target, 'Only the panel that suspended it, or one above that panel, can resume it.');
      path = target.path;
      await tx`
        UPDATE reseller SET suspended_by = NULL, suspension_reason = NULL, suspended_at = CASE WHEN in_debt THEN suspended_at END
        WHERE tenant_id = ${tenantId} AND id = ${target.id}`;
      const changes = [{ field: 'reason', before: target.reason, after: null }];
      const entry = { tenantId, resellerId: target.id, actorId: actor.userId, address, subject: target.name, changes };
      await recordAudit(tx, { ...entry, action: 'RESELLER_RESUMED' });
      return { tenantId, id: target.id };
    });
  } finally {
    // Announced even if the COMMIT's outcome is unknown: an extra hint only causes a re-check.
    if (path !== null) ports.announce({ kind: 'branch', tenantId, paths: [path] });
  }
}

function refuseUnheld({ closed, inDebt, suspended, suspendedBy }: PanelNow): void {
  if (closed) throw new InvalidState('The panel is closed.');
  if (!suspended) throw new InvalidState('The panel itself is not suspended.');
  if (suspendedBy === null && inDebt)
    throw new InvalidState('The panel is suspended because it owes credits: the suspension ends when they are repaid.');
}
