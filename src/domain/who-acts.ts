/** Finds out, inside a transaction, whether who acts may still do it: who a token belongs to is cached for seconds. */

import type { Transaction } from '../db/sql.ts';
import type { Actor, Role } from '../kernel/actor.ts';
import { Forbidden, PanelLocked, PanelSuspended, Unauthenticated } from '../kernel/errors.ts';

/** What is left to a panel that may not do everything. */
export interface OpenTo {
  /** It is one of the things that are left to a locked panel (R8). */
  readonly isOpenWhileLocked?: boolean;
  /** It moves no credits and touches no customer or panel (R11). */
  readonly isOpenWhileSuspended?: boolean;
}

/**
 * Throws what the acting user, or its panel, is refused for now, in the order of R35. The ledger says the same of its commands
 * under its own lock, in one look-up for a whole batch (`refuseActor` of rules/decide.ts and `payerOf` of rules/movement.ts): a
 * test holds that both agree.
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

/** The same of a user of the platform, which has no panel. */
export async function refusePlatformUser(tx: Transaction, actor: Actor, roles: readonly Role[]): Promise<void> {
  const [now] = await tx<{ role: Role; disabled: boolean }[]>`
    SELECT role, disabled_at IS NOT NULL AS disabled FROM app_user WHERE tenant_id = ${actor.tenantId} AND id = ${actor.userId}`;
  if (!now || now.disabled) throw new Unauthenticated('The session has ended.');
  if (!roles.includes(now.role)) throw new Forbidden();
}
