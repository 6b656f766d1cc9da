/** The use case openSupportSession: lets the panel above, or the platform, read a panel in order to help (R43). */

import { z } from 'zod';
import type { Transaction } from '../../db/sql.ts';
import { type Acting, PLATFORM_TENANT_ID, type Role } from '../../kernel/actor.ts';
import { InvalidState, NotDirectChild, Unauthenticated } from '../../kernel/errors.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import { type PanelNow, transactOnPanel, transactOnRoot } from '../acting-panel.ts';
import { recordAudit, recordInAnyTenant } from '../audit/record.ts';
import { checkInput } from '../check-input.ts';
import { type RowId, reasonSchema, requirePerson, requireRole } from '../input.ts';
import type { Ports } from '../ports.ts';
import { newSupportToken } from './sessions.ts';

export const SUPPORT_ROLES: readonly Role[] = ['PLATFORM', 'OWNER'];
const OWNERS: readonly Role[] = ['OWNER'];

const SUPPORT_MINUTES = 30;
/** The most support sessions that one session may have open. */
const MAX_OPEN = 20;

const schema = z.object({ reason: reasonSchema });

export interface SupportOpened {
  /** Shown once: only its hash is stored. */
  readonly token: string;
  readonly expiresAtMs: number;
  readonly panel: RowId;
}

/**
 * Opens a session that reads what a VIEWER of the panel reads, for half an hour, and never longer than the opener's own session. An
 * OWNER opens one for a direct child, the platform for a root. The panel is notified at once, and both audit logs record the reason.
 */
export async function openSupportSession(
  ports: Pick<Ports, 'sql' | 'directory' | 'announce'>,
  acting: Acting,
  reseller: RowId | null,
  input: { readonly reason: string },
): Promise<SupportOpened> {
  const { actor } = acting;
  requirePerson(actor);
  requireRole(actor, SUPPORT_ROLES);
  const { reason } = checkInput(schema, { reason: input.reason });
  const opened = await commit(ports, acting, reseller, reason);
  const { id: resellerId, tenantId } = opened.panel;
  ports.announce({ kind: 'support', tenantId, resellerId });
  return opened;
}

async function commit(
  ports: Pick<Ports, 'sql' | 'directory'>,
  acting: Acting,
  reseller: RowId | null,
  reason: string,
): Promise<SupportOpened> {
  const { actor } = acting;
  const { panel } = actor;
  if (panel === null) {
    return transactOnRoot(ports, actor, reseller, 'opens support sessions', (tx, root) => {
      return open(ports, tx, acting, { tenantId: reseller?.tenantId ?? '', panel: root, reason });
    });
  }
  return transactOnPanel(ports, { actor, panelId: panel.id, roles: OWNERS, target: reseller }, (tx, own, found) => {
    if (found.parentId !== own.id) throw new NotDirectChild('Only the panel directly above can open a support session.');
    return open(ports, tx, acting, { tenantId: actor.tenantId, panel: found, reason });
  });
}

interface Opening {
  readonly tenantId: string;
  readonly panel: PanelNow;
  readonly reason: string;
}

async function open(
  ports: Pick<Ports, 'directory'>,
  tx: Transaction,
  acting: Acting,
  { panel, reason, tenantId }: Opening,
): Promise<SupportOpened> {
  const { directory } = ports;
  if (panel.closed) throw new InvalidState('The panel is closed.');
  const { actor } = acting;
  const opener = { tenantId: actor.tenantId, userId: actor.userId, sessionId: actor.sessionId };
  const session = directory === null ? await openerOf(tx, opener) : await openerByTenant(tx, opener);
  if (session === null) throw new Unauthenticated('The session has ended.');
  if (session.open >= MAX_OPEN) throw new InvalidState(`A session has at most ${MAX_OPEN} support sessions open: leave one first.`);
  const { token, tokenHash } = newSupportToken();
  const id = uuidv7();
  await directory?.note('SUPPORT', tokenHash.toString('hex'), { tenantId, subjectId: id });
  const [opened] = await tx<{ expiresAt: Date }[]>`
    INSERT INTO support_session
      (tenant_id, id, reseller_id, opener_tenant_id, opener_id, opener_session_id, token_hash, reason, created_at, expires_at)
    VALUES (${tenantId}, ${id}, ${panel.id}, ${opener.tenantId}, ${opener.userId}, ${opener.sessionId}, ${tokenHash}, ${reason},
      date_trunc('milliseconds', statement_timestamp()),
      least(date_trunc('milliseconds', statement_timestamp()) + ${SUPPORT_MINUTES}::float8 * interval '1 minute', ${session.endsAt}::timestamptz))
    RETURNING expires_at AS "expiresAt"`;
  if (opened === undefined) throw new Error('a support session was not stored');
  await record(ports, tx, acting, { panel, reason, tenantId });
  return { token, expiresAtMs: opened.expiresAt.getTime(), panel: { tenantId, id: panel.id } };
}

interface Opener {
  readonly tenantId: string;
  readonly sessionId: string;
}

interface OpenerNow {
  /** The number of support sessions that it has open. */
  readonly open: number;
  readonly endsAt: Date;
}

/** Reads and locks the opener's session. Returns null if it has ended. */
async function openerOf(tx: Transaction, { sessionId, tenantId }: Opener): Promise<OpenerNow | null> {
  const [session] = await tx<OpenerNow[]>`
    SELECT (
      SELECT count(*)::integer FROM support_session s
      WHERE s.opener_tenant_id = o.tenant_id AND s.opener_session_id = o.id AND s.expires_at > clock_timestamp()
    ) AS open, o.ends_at AS "endsAt"
    FROM session o WHERE o.tenant_id = ${tenantId} AND o.id = ${sessionId} AND o.expires_at > clock_timestamp() FOR UPDATE`;
  return session ?? null;
}

/**
 * The same in a distributed database, where the support sessions may be on other nodes. It takes an advisory lock on the coordinator
 * instead of the row lock.
 */
async function openerByTenant(tx: Transaction, { sessionId, tenantId }: Opener): Promise<OpenerNow | null> {
  await tx`SELECT pg_advisory_xact_lock(hashtextextended(${`support ${sessionId}`}, 0))`;
  const [session] = await tx<{ endsAt: Date }[]>`
    SELECT ends_at AS "endsAt" FROM session
    WHERE tenant_id = ${tenantId} AND id = ${sessionId} AND expires_at > statement_timestamp()`;
  const [sum] = await tx<{ open: number }[]>`
    SELECT count(*)::integer AS open FROM support_session
    WHERE opener_tenant_id = ${tenantId} AND opener_session_id = ${sessionId} AND expires_at > statement_timestamp()`;
  return session === undefined ? null : { endsAt: session.endsAt, open: sum?.open ?? 0 };
}

/** Records it in both audit logs: the panel's and the opener's. */
async function record(
  ports: Pick<Ports, 'directory'>,
  tx: Transaction,
  { actor, address }: Acting,
  { panel, reason, tenantId }: Opening,
): Promise<void> {
  const changes = [{ field: 'reason', before: null, after: reason }];
  const entry = { actorId: actor.userId, address, action: 'SUPPORT_SESSION_OPENED', subject: panel.name, changes } as const;
  await recordAudit(tx, { ...entry, tenantId, resellerId: panel.id });
  const own = { tenantId: actor.panel ? tenantId : PLATFORM_TENANT_ID, resellerId: actor.panel?.id ?? null };
  await recordInAnyTenant(ports, tx, tenantId, { ...entry, ...own });
}
