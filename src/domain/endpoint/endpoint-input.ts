/** Checks an endpoint's address, events and scope, and locks the endpoint that an id names. */

import { z } from 'zod';
import type { Transaction } from '../../db/sql.ts';
import { type Acting, type Actor, mayAct, type Panel } from '../../kernel/actor.ts';
import { Forbidden, InvalidInput, NotFound } from '../../kernel/errors.ts';
import { type AuditAction, type AuditChange, recordAudit } from '../audit/record.ts';
import { TEAM_ROLES } from '../identity/invite-user.ts';
import { type RowId, requirePanel, requirePerson } from '../input.ts';
import type { AddressRules } from './address-rules.ts';
import { type Endpoint, hostOf, readEndpoints } from './endpoint.ts';
import { WEBHOOK_EVENTS, type WebhookEvent, type WebhookScope } from './events.ts';

export const urlSchema = z.string();
export const eventsSchema = z
  .array(z.enum(WEBHOOK_EVENTS))
  .min(1, 'must name at least one event.')
  .transform((events) => WEBHOOK_EVENTS.filter((event) => events.includes(event)));

/** Requires a person with the role OWNER, as for API keys, because whoever sets an endpoint can read all its events. */
export function requireOwner(actor: Actor): Panel {
  requirePerson(actor);
  if (!mayAct(actor, TEAM_ROLES)) throw new Forbidden();
  return requirePanel(actor, TEAM_ROLES);
}

export function requireScope(panel: Panel, scope: WebhookScope): void {
  if (scope === 'TENANT' && panel.depth > 0) throw new Forbidden('Only the root panel can receive the events of the whole tenant.');
}

/** Call this before taking any lock, because it may wait for a name server. */
export async function refuseAddress(rules: AddressRules, url: string): Promise<void> {
  const refused = await rules.refuseUrlNow(url);
  if (refused !== null) throw new InvalidInput([{ path: 'input.url', message: refused }]);
}

/** Locks and returns the panel's endpoint with this id, or throws NotFound. */
export async function holdEndpoint(tx: Transaction, { tenantId }: Actor, panel: Panel, endpoint: RowId | null): Promise<Endpoint> {
  const id = endpoint?.id ?? null;
  const { count } = await tx`
    SELECT FROM webhook_endpoint
    WHERE tenant_id = ${tenantId} AND id = ${id} AND reseller_id = ${panel.id} AND removed_at IS NULL FOR NO KEY UPDATE`;
  if (id === null || count === 0) throw new NotFound();
  const [row] = await readEndpoints(tx, { tenantId, id: panel.id }, id);
  if (row === undefined) throw new NotFound();
  return row;
}

/** The log names an endpoint by its host: the rest of its address may hold a secret. */
export async function recordEndpoint(
  tx: Transaction,
  { actor, address }: Acting,
  panel: Panel,
  { action, changes = [], url }: { action: AuditAction; url: string; changes?: readonly AuditChange[] },
): Promise<void> {
  const { tenantId, userId } = actor;
  await recordAudit(tx, { tenantId, resellerId: panel.id, actorId: userId, address, action, subject: hostOf(url), changes });
}

/** The list for people to read. */
export function eventList(events: readonly WebhookEvent[]): string {
  return events.join(', ');
}
