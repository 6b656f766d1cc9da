/** The use case updateUser: changes a team member's role, or disables or enables the user. */

import { z } from 'zod';
import type { Transaction } from '../../db/sql.ts';
import type { Acting, Role } from '../../kernel/actor.ts';
import { InvalidInput, InvalidState, NotFound } from '../../kernel/errors.ts';
import { type AuditChange, recordAudit } from '../audit/record.ts';
import { checkInput } from '../check-input.ts';
import { type RowId, requirePanel, requirePerson } from '../input.ts';
import type { Ports } from '../ports.ts';
import { transactAsOwner } from '../transact.ts';
import { announceEnded, endSessions } from './end-sessions.ts';
import { panelRoleSchema, TEAM_ROLES, type TeamUser } from './invite-user.ts';

const schema = z.object({ role: panelRoleSchema.nullish(), disabled: z.boolean().nullish() });

interface UserNow {
  readonly email: string;
  readonly role: Role;
  readonly disabled: boolean;
}

/**
 * Changes the role of a user of the acting panel, or disables or enables the user. Throws InvalidState for the last enabled OWNER. The
 * user's rights change at once in every process: a disabled user's sessions end, and so do the keys of a user who is no longer OWNER.
 */
export async function updateUser(
  ports: Pick<Ports, 'sql' | 'announce'>,
  { actor, address }: Acting,
  user: RowId | null,
  input: { readonly role?: Role | null | undefined; readonly disabled?: boolean | null | undefined },
): Promise<TeamUser> {
  requirePerson(actor);
  const panel = requirePanel(actor, TEAM_ROLES);
  const wanted = checkInput(schema, input);
  if (wanted.role == null && wanted.disabled == null) {
    throw new InvalidInput([{ path: 'input.role', message: 'give a role, disabled, or both.' }]);
  }
  const { tenantId } = actor;
  const id = user?.id ?? null;
  const updated = await transactAsOwner(ports, actor, panel, async (tx) => {
    const [now] = await tx<UserNow[]>`
      SELECT email, role, disabled_at IS NOT NULL AS disabled FROM app_user
      WHERE tenant_id = ${tenantId} AND id = ${id} AND reseller_id = ${panel.id}`;
    if (id === null || now === undefined) throw new NotFound();
    const next = { email: now.email, role: wanted.role ?? now.role, disabled: wanted.disabled ?? now.disabled };
    const changes = changesBetween(now, next);
    let ended: readonly string[] = [];
    if (changes.length > 0) {
      if (isOwner(now) && !isOwner(next)) await refuseLastOwner(tx, tenantId, panel.id, id);
      ended = await apply(tx, tenantId, id, next);
      const entry = { tenantId, resellerId: panel.id, actorId: actor.userId, address, subject: now.email, changes };
      await recordAudit(tx, { ...entry, action: 'USER_UPDATED' });
    }
    return { user: { tenantId, id, email: now.email, role: next.role }, ended };
  });
  announceEnded(ports, { tenantId, userId: updated.user.id }, updated.ended);
  return updated.user;
}

function isOwner({ role, disabled }: UserNow): boolean {
  return role === 'OWNER' && !disabled;
}

function changesBetween(before: UserNow, after: UserNow): AuditChange[] {
  const fields = ['role', 'disabled'] as const;
  return fields.flatMap((field) =>
    before[field] === after[field] ? [] : [{ field, before: String(before[field]), after: String(after[field]) }],
  );
}

/** The panel's row is locked, so no other owner can lose the role at the same moment. */
async function refuseLastOwner(tx: Transaction, tenantId: string, panelId: string, userId: string): Promise<void> {
  const others = await tx`
    SELECT FROM app_user
    WHERE tenant_id = ${tenantId} AND reseller_id = ${panelId} AND role = 'OWNER' AND disabled_at IS NULL AND id <> ${userId} LIMIT 1`;
  if (others.count === 0) throw new InvalidState('A panel must have at least one enabled OWNER.');
}

/** Returns the ids of the sessions and keys that it ended. */
async function apply(tx: Transaction, tenantId: string, userId: string, next: UserNow): Promise<readonly string[]> {
  await tx`
    UPDATE app_user SET role = ${next.role},
      disabled_at = CASE WHEN ${next.disabled} THEN coalesce(disabled_at, (SELECT date_trunc('milliseconds', statement_timestamp()))) END
    WHERE tenant_id = ${tenantId} AND id = ${userId}`;
  const sessions = next.disabled ? await endSessions(tx, { tenantId, userId }, null) : [];
  if (isOwner(next)) return sessions;
  const keys = await tx<{ id: string }[]>`
    UPDATE api_key SET revoked_at = date_trunc('milliseconds', statement_timestamp())
    WHERE tenant_id = ${tenantId} AND user_id = ${userId} AND revoked_at IS NULL RETURNING id`;
  return [...sessions, ...keys.map(({ id }) => id)];
}
