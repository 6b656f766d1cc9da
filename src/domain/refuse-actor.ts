/** Checks the actor's rights again inside a transaction, because sessions are cached for seconds. */

import type { Transaction } from '../db/sql.ts';
import type { Actor, Role } from '../kernel/actor.ts';
import { Forbidden, PanelLocked, PanelSuspended, Unauthenticated } from '../kernel/errors.ts';

/** Whether an operation is open to a locked or suspended panel. */
export interface OpenTo {
  /** A locked panel may do it (R8). */
  readonly isOpenWhileLocked?: boolean;
  /** A suspended panel may do it, because it moves no credits and changes no customer or panel (R11). */
  readonly isOpenWhileSuspended?: boolean;
}

/**
 * Throws the first refusal, in the order of R35, that applies to the acting user or its panel. The ledger checks its commands in
 * the same way under its own lock, with one query for a whole batch (`refuseActor` of rules/decide.ts and `payerOf` of
 * rules/movement.ts). A test checks that both agree.
 */
export async function refuseActor(
  tx: Transaction,
  actor: Actor,
  panelId: string,
  roles: readonly Role[],
  { isOpenWhileLocked = false, isOpenWhileSuspended = false }: OpenTo = {},
): Promise<void> {
  const [now] = await tx<{ role: Role; disabled: boolean; closed: boolean; locked: boolean; suspended: boolean }[]>`
    SELECT u.role, u.disabled_at IS NOT NULL AS disabled, r.closed_at IS NOT NULL AS closed, a.locked,
      EXISTS (
        SELECT FROM reseller s
        WHERE s.tenant_id = ${actor.tenantId} AND s.suspended_at IS NOT NULL AND s.path <= r.path AND starts_with(r.path, s.path)
      ) AS suspended
    FROM app_user u
    JOIN reseller r ON r.tenant_id = u.tenant_id AND r.id = u.reseller_id
    JOIN account a ON a.tenant_id = r.tenant_id AND a.id = r.id
    WHERE u.tenant_id = ${actor.tenantId} AND u.id = ${actor.userId} AND r.id = ${panelId}`;
  if (!now || now.disabled || now.closed) throw new Unauthenticated('The session has ended.');
  if (!roles.includes(now.role)) throw new Forbidden();
  if (now.suspended && !isOpenWhileSuspended) throw new PanelSuspended();
  if (now.locked && !isOpenWhileLocked) throw new PanelLocked({ tenantId: actor.tenantId, id: panelId });
}

/** The same check for a user of the platform, which has no panel. */
export async function refusePlatformUser(tx: Transaction, actor: Actor, roles: readonly Role[]): Promise<void> {
  const [now] = await tx<{ role: Role; disabled: boolean }[]>`
    SELECT role, disabled_at IS NOT NULL AS disabled FROM app_user WHERE tenant_id = ${actor.tenantId} AND id = ${actor.userId}`;
  if (!now || now.disabled) throw new Unauthenticated('The session has ended.');
  if (!roles.includes(now.role)) throw new Forbidden();
}
