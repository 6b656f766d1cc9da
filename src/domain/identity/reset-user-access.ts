/** The use case resetUserAccess: gives a one-time password to a user who cannot sign in (R41). */

import type { Transaction } from '../../db/sql.ts';
import { type Acting, type Actor, type Panel, PLATFORM_TENANT_ID, type Role } from '../../kernel/actor.ts';
import { InvalidState, NotFound } from '../../kernel/errors.ts';
import { type PanelNow, transactOnPanel, transactOnRoot } from '../acting-panel.ts';
import { recordAudit, recordInAnyTenant } from '../audit/record.ts';
import { type RowId, requirePerson, requireRole } from '../input.ts';
import { DEFAULT_LANGUAGE, sendMail } from '../mail/send-mail.ts';
import type { Ports } from '../ports.ts';
import { transactAsOwner } from '../transact.ts';
import { announceEnded } from './end-sessions.ts';
import type { TeamUser } from './invite-user.ts';
import { newOneTimePassword } from './passwords.ts';
import { setPassword } from './set-password.ts';

export const RESET_ROLES: readonly Role[] = ['PLATFORM', 'OWNER'];

/** How long a one-time password is valid. */
const ONE_TIME_HOURS = 24;

export interface AccessReset {
  readonly user: TeamUser;
  /** Shown once: only its hash is stored. */
  readonly oneTimePassword: string;
}

/** The user whose access is reset, and its panel. */
interface Target {
  readonly tenantId: string;
  readonly id: string;
  readonly panelId: string;
}

/**
 * Gives a user a one-time password, turns its one-time codes off and ends its sessions (R41). An OWNER may do this for users of its
 * own panel, locked or not, and for the OWNERs of a direct child; the platform for the OWNERs of a root. Nobody may do it for
 * themselves. Any other user does not exist for the caller (R18). API keys stay: they belong to the panel's programs, and its OWNERs
 * revoke them.
 */
export async function resetUserAccess(
  ports: Pick<Ports, 'sql' | 'directory' | 'passwords' | 'announce' | 'mail' | 'outbox'>,
  acting: Acting,
  user: RowId | null,
): Promise<AccessReset> {
  const { actor } = acting;
  requirePerson(actor);
  requireRole(actor, RESET_ROLES);
  if (user?.id === actor.userId) throw new InvalidState('You cannot reset your own access: use changePassword.');
  const target = user && (await findTarget(ports, user));
  const oneTimePassword = newOneTimePassword();
  const passwordHash = await ports.passwords.hash(oneTimePassword);
  const done = await inItsPanel(ports, actor, target, async (tx, roles, panel) => {
    if (target === null) throw new NotFound();
    const found = await takeUser(tx, target, roles);
    if (panel !== null) refusePanel(panel);
    const { id: userId, tenantId } = target;
    const ended = await setPassword(
      tx,
      { tenantId, userId },
      { passwordHash, oneTimeHours: ONE_TIME_HOURS, insteadOf: null, keepSessionId: null },
    );
    if (ended === null) throw new InvalidState('The user is disabled.');
    await turnCodesOff(tx, target);
    await sendMail(ports, tx, {
      owner: { tenantId, resellerId: target.panelId, userId },
      to: found.email,
      language: DEFAULT_LANGUAGE,
      content: { template: 'accessReset' },
    });
    await record(ports, tx, acting, target, found.email);
    return { user: { tenantId, id: userId, ...found }, ended };
  });
  ports.outbox.wake();
  announceEnded(ports, { tenantId: done.user.tenantId, userId: done.user.id }, done.ended);
  return { user: done.user, oneTimePassword };
}

/** A user never changes its panel, so this needs no lock. */
async function findTarget({ sql }: Pick<Ports, 'sql'>, { id, tenantId }: RowId): Promise<Target | null> {
  const [found] = await sql<{ panelId: string | null }[]>`
    SELECT reseller_id AS "panelId" FROM app_user WHERE tenant_id = ${tenantId} AND id = ${id}`;
  return found?.panelId ? { tenantId, id, panelId: found.panelId } : null;
}

/** `roles` are the roles that the user must have; null allows any. `panel` is the user's panel if it is not the acting one. */
type Work<Result> = (tx: Transaction, roles: readonly Role[] | null, panel: PanelNow | null) => Promise<Result>;

const OWNERS: readonly Role[] = ['OWNER'];

function inItsPanel<Result extends object>(
  ports: Pick<Ports, 'sql'>,
  actor: Actor,
  target: Target | null,
  work: Work<Result>,
): Promise<Result> {
  const { panel } = actor;
  if (panel === null) return asPlatform(ports, actor, target, work);
  return target?.panelId === panel.id
    ? transactAsOwner(ports, actor, panel, (tx) => work(tx, null, null), { isOpenWhileLocked: true })
    : asParent(ports, actor, panel, target, work);
}

function asParent<Result extends object>(
  ports: Pick<Ports, 'sql'>,
  actor: Actor,
  panel: Panel,
  target: Target | null,
  work: Work<Result>,
): Promise<Result> {
  const child = target && { tenantId: target.tenantId, id: target.panelId };
  return transactOnPanel(ports, { actor, panelId: panel.id, roles: OWNERS, target: child }, (tx, own, found) => {
    if (found.parentId !== own.id) throw new NotFound();
    return work(tx, OWNERS, found);
  });
}

function asPlatform<Result extends object>(
  ports: Pick<Ports, 'sql'>,
  actor: Actor,
  target: Target | null,
  work: Work<Result>,
): Promise<Result> {
  const root = target && { tenantId: target.tenantId, id: target.panelId };
  return transactOnRoot(ports, actor, root, 'resets the OWNERs', (tx, found) => work(tx, OWNERS, found));
}

/** Locks the user's row, so that nobody changes its role or disables it meanwhile. */
async function takeUser(
  tx: Transaction,
  { id, panelId, tenantId }: Target,
  roles: readonly Role[] | null,
): Promise<{ readonly email: string; readonly role: Role }> {
  const [user] = await tx<{ email: string; role: Role }[]>`
    SELECT email, role FROM app_user WHERE tenant_id = ${tenantId} AND id = ${id} AND reseller_id = ${panelId} FOR NO KEY UPDATE`;
  if (!user || (roles !== null && !roles.includes(user.role))) throw new NotFound();
  return user;
}

/**
 * A panel that an ancestor suspended must be resumed first (R11). A panel suspended for debt alone must be able to sign in and pay
 * (R29).
 */
function refusePanel({ closed, suspendedBy }: PanelNow): void {
  if (closed) throw new InvalidState('The panel is closed.');
  if (suspendedBy !== null) throw new InvalidState('The panel is suspended: resume it first.');
}

async function turnCodesOff(tx: Transaction, { id, tenantId }: Target): Promise<void> {
  await tx`
    UPDATE app_user SET totp_secret = NULL, totp_confirmed_at = NULL, totp_last_step = NULL WHERE tenant_id = ${tenantId} AND id = ${id}`;
  await tx`DELETE FROM recovery_code WHERE tenant_id = ${tenantId} AND user_id = ${id}`;
}

/** Records it in the logs of the user's panel and of the actor's panel: a panel that is moved later takes its own log along. */
async function record(
  ports: Pick<Ports, 'directory'>,
  tx: Transaction,
  { actor, address }: Acting,
  { panelId, tenantId }: Target,
  email: string,
): Promise<void> {
  const entry = { actorId: actor.userId, address, action: 'USER_ACCESS_RESET', subject: email, changes: [] } as const;
  await recordAudit(tx, { ...entry, tenantId, resellerId: panelId });
  if (actor.panel?.id === panelId) return;
  const own = { tenantId: actor.panel ? tenantId : PLATFORM_TENANT_ID, resellerId: actor.panel?.id ?? null };
  await recordInAnyTenant(ports, tx, tenantId, { ...entry, ...own });
}
