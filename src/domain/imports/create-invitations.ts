/** The use case createImportInvitations: makes links with which the owners of imported panels set their passwords (R55, ADR-0094). */

import { randomBytes } from 'node:crypto';
import type { Transaction } from '../../db/sql.ts';
import type { Acting } from '../../kernel/actor.ts';
import { InvalidState, NotFound } from '../../kernel/errors.ts';
import { recordAudit } from '../audit/record.ts';
import { digestOf, stateOf } from '../identity/password-reset-token.ts';
import { type RowId, requirePerson, requireRole } from '../input.ts';
import type { Ports } from '../ports.ts';
import { refusePlatformUser } from '../refuse-actor.ts';
import { transact } from '../transact.ts';
import { COMMIT_ROLES } from './commit-import.ts';
import { INVITATION_DAYS, INVITED_OWNERS } from './limits.ts';

const TOKEN_BYTES = 32;

/** A link. It is shown once: only a hash of its token is stored. */
export interface Invitation {
  readonly tenantId: string;
  readonly resellerId: string;
  readonly resellerName: string;
  readonly email: string;
  readonly token: string;
  readonly expiresAt: Date;
}

export interface Invitations {
  readonly invitations: readonly Invitation[];
  /** Whether more owners follow the last of these. */
  readonly hasMore: boolean;
}

export interface InvitationsInput {
  /** Starts with the panel after this one. null starts with the first. */
  readonly after: RowId | null;
  /** Also replaces valid links, which become invalid. */
  readonly renew: boolean;
}

interface Owner {
  readonly resellerId: string;
  readonly resellerName: string;
  readonly userId: string;
  readonly email: string;
  readonly passwordHash: string;
}

/**
 * Makes a link for each owner who still has the import's unknown password, for a bounded number of owners, and returns the links once.
 * An owner with a valid link gets no new one, so of two concurrent calls only one makes it. After a lost answer, call it with `renew`.
 * It leaves out owners who have set a password, got a one-time password (R41) or were disabled, and those of closed panels.
 */
export async function createInvitations(
  ports: Pick<Ports, 'sql' | 'directory'>,
  { actor, address }: Acting,
  row: RowId | null,
  input: InvitationsInput,
): Promise<Invitations> {
  requirePerson(actor);
  requireRole(actor, COMMIT_ROLES);
  return transact(ports, async (tx) => {
    await refusePlatformUser(tx, actor, COMMIT_ROLES);
    if (row === null) throw new NotFound();
    const source = await hold(tx, row);
    const found = await findOwners(tx, row, input);
    const owners = found.slice(0, INVITED_OWNERS);
    if (owners.length === 0) return { invitations: [], hasMore: false };
    const { tenantId } = row;
    const invited = owners.map((owner) => ({ ...owner, tenantId, token: randomBytes(TOKEN_BYTES).toString('base64url') }));
    for (const { token, userId } of invited) {
      await ports.directory?.note('PASSWORD_RESET', digestOf(token).toString('hex'), { tenantId, subjectId: userId });
    }
    const expiresAt = await keep(tx, row, invited);
    await recordAudit(tx, {
      ...{ tenantId, resellerId: tenantId, actorId: actor.userId, address, action: 'OWNERS_INVITED', subject: source },
      changes: [{ field: 'invitations', before: null, after: String(owners.length) }],
    });
    const invitations = invited.map(({ passwordHash: _, userId: __, ...shown }) => ({ ...shown, expiresAt }));
    return { invitations, hasMore: found.length > owners.length };
  });
}

/** Locks the import until the end of the transaction, so that concurrent calls run one after another. Returns the import's source. */
async function hold(tx: Transaction, { id, tenantId }: RowId): Promise<string> {
  const [found] = await tx<{ source: string; isBegun: boolean }[]>`
    SELECT source, mode IS NOT NULL AS "isBegun" FROM import
    WHERE tenant_id = ${tenantId} AND id = ${id} AND status <> 'UPLOADING' FOR NO KEY UPDATE`;
  if (!found) throw new NotFound();
  if (!found.isBegun) throw new InvalidState('The import has written nothing yet: commit it first.');
  return found.source;
}

/** Returns one owner more than one call invites, to know whether there are more. */
async function findOwners(tx: Transaction, { id, tenantId }: RowId, { after, renew }: InvitationsInput): Promise<readonly Owner[]> {
  return tx.unsafe<Owner[]>(
    `SELECT r.id AS "resellerId", r.name AS "resellerName", u.id AS "userId", u.email, u.password_hash AS "passwordHash"
     ${WAITING}
       AND ($3::uuid IS NULL OR k.id > $3::uuid)
       AND ($4::boolean OR NOT EXISTS (
         SELECT FROM password_reset p WHERE p.tenant_id = $1 AND p.user_id = u.id AND p.import_id = i.id AND p.used_at IS NULL
           AND p.expires_at > clock_timestamp() AND p.state_digest = sha256(convert_to(u.password_hash || ' ' || u.email, 'UTF8'))))
     ORDER BY k.id LIMIT ${INVITED_OWNERS + 1}`,
    [tenantId, id, after?.tenantId === tenantId ? after.id : null, renew],
  );
}

/** Owners that an import ($1, $2) created and who have not signed in yet: they still have the password that it gave to all of them. */
const WAITING = `
  FROM import i
  JOIN imported k ON k.tenant_id = i.tenant_id AND k.import_id = i.id AND k.kind = 'RESELLER'
  JOIN reseller r ON r.tenant_id = k.tenant_id AND r.id = k.id AND r.closed_at IS NULL
  JOIN app_user u ON u.tenant_id = k.tenant_id AND u.reseller_id = k.id AND u.role = 'OWNER' AND u.disabled_at IS NULL
    AND u.password_hash = i.owner_password_hash
  WHERE i.tenant_id = $1 AND i.id = $2`;

/** Counts the owners who have not signed in yet. */
export async function countWaitingOwners(sql: Pick<Ports['sql'], 'unsafe'>, { id, tenantId }: RowId): Promise<number> {
  const [row] = await sql.unsafe<{ count: number }[]>(`SELECT count(*)::integer AS count ${WAITING}`, [tenantId, id]);
  return row?.count ?? 0;
}

/** Stores the links, and deletes older links of the same owners. Returns until when they are valid. */
async function keep(tx: Transaction, { id, tenantId }: RowId, invited: readonly (Owner & { readonly token: string })[]): Promise<Date> {
  const kept = invited.map(({ email, passwordHash, token, userId }) => ({
    userId,
    token: digestOf(token).toString('hex'),
    state: digestOf(stateOf(passwordHash, email)).toString('hex'),
  }));
  const users = invited.map(({ userId }) => userId);
  await tx`
    DELETE FROM password_reset WHERE tenant_id = ${tenantId} AND user_id IN ${tx(users)} AND import_id = ${id} AND used_at IS NULL`;
  const [one] = await tx<{ expiresAt: Date }[]>`
    WITH moment AS (SELECT date_trunc('milliseconds', statement_timestamp()) + ${INVITATION_DAYS}::integer * interval '1 day' AS expires_at),
    made AS (
      INSERT INTO password_reset (tenant_id, user_id, token_hash, state_digest, expires_at, import_id)
      SELECT ${tenantId}, o."userId", decode(o.token, 'hex'), decode(o.state, 'hex'), moment.expires_at, ${id}
      FROM moment, jsonb_to_recordset(${JSON.stringify(kept)}::text::jsonb) AS o ("userId" uuid, token text, state text)
    )
    SELECT expires_at AS "expiresAt" FROM moment`;
  if (!one) throw new Error('a statement without a table returned no row');
  return one.expiresAt;
}
