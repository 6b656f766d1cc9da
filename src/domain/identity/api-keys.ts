/** The use cases createApiKey and revokeApiKey. */

import { z } from 'zod';
import type { Acting, ApiKeyScope } from '../../kernel/actor.ts';
import { Forbidden, InvalidInput, InvalidState, NotFound } from '../../kernel/errors.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import { recordAudit } from '../audit/record.ts';
import { checkInput } from '../check-input.ts';
import { nameSchema, type RowId, requirePanel, requirePerson } from '../input.ts';
import type { Ports } from '../ports.ts';
import { transactAsOwner } from '../transact.ts';
import { TEAM_ROLES } from './invite-user.ts';
import { newApiKey } from './sessions.ts';

/** The most keys of one panel that are neither revoked nor expired. */
const MAX_OPEN_KEYS = 100;

const schema = z.object({ name: nameSchema, scope: z.enum(['READ', 'SPEND', 'MANAGE', 'SERVICE']), expiresAt: z.date().nullish() });

/** Creates a key of the acting panel. The key acts as the OWNER who creates it. The token is shown once. */
export async function createApiKey(
  ports: Pick<Ports, 'sql' | 'directory'>,
  { actor, address }: Acting,
  input: { readonly name: string; readonly scope: ApiKeyScope; readonly expiresAt?: Date | null | undefined },
): Promise<RowId & { readonly token: string }> {
  requirePerson(actor);
  const panel = requirePanel(actor, TEAM_ROLES);
  const { name, scope, expiresAt = null } = checkInput(schema, input);
  // Such a key reads data of the whole tenant (R49).
  if (scope === 'SERVICE' && panel.depth !== 0)
    throw new Forbidden('Only an OWNER of the root panel can create a key of the scope SERVICE.');
  const { tenantId, userId } = actor;
  return transactAsOwner(ports, actor, panel, async (tx) => {
    const [now] = await tx<{ open: number; isPast: boolean | null }[]>`
      SELECT count(*)::integer AS open, ${expiresAt}::timestamptz <= clock_timestamp() AS "isPast" FROM api_key
      WHERE tenant_id = ${tenantId} AND reseller_id = ${panel.id} AND revoked_at IS NULL
        AND (expires_at IS NULL OR expires_at > clock_timestamp())`;
    if (now?.isPast) throw new InvalidInput([{ path: 'input.expiresAt', message: 'must be in the future.' }]);
    if ((now?.open ?? 0) >= MAX_OPEN_KEYS) throw new InvalidState(`A panel has at most ${MAX_OPEN_KEYS} open keys: revoke one first.`);
    const id = uuidv7();
    const { token, prefix, tokenHash } = newApiKey(scope);
    await ports.directory?.note('API_KEY', prefix, { tenantId, subjectId: id });
    await tx`
      INSERT INTO api_key (tenant_id, id, reseller_id, user_id, name, prefix, token_hash, scope, created_at, expires_at)
      VALUES (${tenantId}, ${id}, ${panel.id}, ${userId}, ${name}, ${prefix}, ${tokenHash}, ${scope},
        date_trunc('milliseconds', clock_timestamp()), ${expiresAt})`;
    await recordAudit(tx, {
      tenantId,
      resellerId: panel.id,
      actorId: userId,
      address,
      action: 'API_KEY_CREATED',
      subject: name,
      changes: [
        { field: 'scope', before: null, after: scope },
        { field: 'expiresAt', before: null, after: expiresAt?.toISOString() ?? null },
      ],
    });
    return { tenantId, id, token };
  });
}

/** Revokes a key of the acting panel, at once in every process, and closes its sockets. A key that is revoked already stays as it is. */
export async function revokeApiKey(
  ports: Pick<Ports, 'sql' | 'announce'>,
  { actor, address }: Acting,
  apiKey: RowId | null,
): Promise<RowId> {
  requirePerson(actor);
  const panel = requirePanel(actor, TEAM_ROLES);
  const { tenantId, userId } = actor;
  const id = apiKey?.id ?? null;
  const revoked = await transactAsOwner(ports, actor, panel, async (tx) => {
    const [key] = await tx<{ name: string; isRevoked: boolean }[]>`
      SELECT name, revoked_at IS NOT NULL AS "isRevoked" FROM api_key
      WHERE tenant_id = ${tenantId} AND id = ${id} AND reseller_id = ${panel.id}`;
    if (id === null || key === undefined) throw new NotFound();
    if (!key.isRevoked) {
      await tx`
        UPDATE api_key SET revoked_at = date_trunc('milliseconds', statement_timestamp()) WHERE tenant_id = ${tenantId} AND id = ${id}`;
      const entry = { tenantId, resellerId: panel.id, actorId: userId, address, subject: key.name, changes: [] };
      await recordAudit(tx, { ...entry, action: 'API_KEY_REVOKED' });
    }
    return { tenantId, id };
  });
  ports.announce({ kind: 'session', tenantId, sessionId: revoked.id });
  return revoked;
}
