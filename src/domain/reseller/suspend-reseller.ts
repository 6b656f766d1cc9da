/** The use case suspendReseller: suspends a branch (R11). */

import { z } from 'zod';
import type { Transaction } from '../../db/sql.ts';
import { type Acting, isInBranch, type Role } from '../../kernel/actor.ts';
import { InvalidState } from '../../kernel/errors.ts';
import { type PanelNow, readPanels, transactOnPanel } from '../acting-panel.ts';
import { recordAudit } from '../audit/record.ts';
import { checkInput } from '../check-input.ts';
import { type RowId, reasonSchema, requirePanel } from '../input.ts';
import type { Ports } from '../ports.ts';

export const SUSPEND_ROLES: readonly Role[] = ['OWNER'];

const schema = z.object({ reason: reasonSchema });

/**
 * Suspends a panel below the acting one, and with it everything below (R11). If a panel further down had suspended it already, the
 * acting panel takes the suspension over: only the acting panel, or one above it, can then resume it. Rights change at once in
 * every process.
 */
export async function suspendReseller(
  ports: Pick<Ports, 'sql' | 'announce'>,
  { actor, address }: Acting,
  reseller: RowId | null,
  input: { readonly reason: string },
): Promise<RowId> {
  const panel = requirePanel(actor, SUSPEND_ROLES);
  const { reason } = checkInput(schema, { reason: input.reason });
  const { tenantId } = actor;
  const transaction = { actor, panelId: panel.id, roles: SUSPEND_ROLES, target: reseller };
  let path: string | null = null;
  try {
    return await transactOnPanel(ports, transaction, async (tx, own, target) => {
      if (target.id === own.id) throw new InvalidState('A panel cannot suspend itself: a panel above it does.');
      if (target.closed) throw new InvalidState('The panel is closed.');
      if (target.suspendedBy === own.id) throw new InvalidState('Your panel has suspended it already.');
      await refuseBelowSuspender(tx, tenantId, own, target, 'A panel above yours has suspended it already.');
      path = target.path;
      await tx`
        UPDATE reseller SET suspended_by = ${own.id}, suspension_reason = ${reason},
          suspended_at = coalesce(suspended_at, (SELECT date_trunc('milliseconds', statement_timestamp())))
        WHERE tenant_id = ${tenantId} AND id = ${target.id}`;
      const changes = [{ field: 'reason', before: target.reason, after: reason }];
      const entry = { tenantId, resellerId: target.id, actorId: actor.userId, address, subject: target.name, changes };
      await recordAudit(tx, { ...entry, action: 'RESELLER_SUSPENDED' });
      return { tenantId, id: target.id };
    });
  } finally {
    // Announced even if the COMMIT's outcome is unknown: an extra hint only causes a re-check.
    if (path !== null) ports.announce({ kind: 'branch', tenantId, paths: [path] });
  }
}

/** Only the panel that suspended the target, or a panel above that one, may change the suspension (R11). */
export async function refuseBelowSuspender(
  tx: Transaction,
  tenantId: string,
  own: PanelNow,
  { suspendedBy }: PanelNow,
  message: string,
): Promise<void> {
  if (suspendedBy === null) return;
  const suspender = (await readPanels(tx, tenantId, [suspendedBy])).get(suspendedBy);
  if (!suspender || !isInBranch(own.path, suspender.path)) throw new InvalidState(message);
}
