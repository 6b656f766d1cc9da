/** The use case markMessageSent: a person marks a message as sent, or removes the mark (R58). */

import type { Acting } from '../../kernel/actor.ts';
import { NotFound } from '../../kernel/errors.ts';
import { CUSTOMER_ROLES } from '../customer/fields.ts';
import { type RowId, requirePanel } from '../input.ts';
import type { Ports } from '../ports.ts';
import { refuseActor } from '../refuse-actor.ts';
import { transact } from '../transact.ts';
import { findMessage, type QueuedMessage } from './messages.ts';

/**
 * If two people mark it at once, the first one's time counts. A sent message keeps its text even if the rule changes later. A
 * suspended panel may mark messages too. `message` is the row that the caller's id names, or null.
 */
export async function markMessageSent(
  ports: Pick<Ports, 'sql'>,
  { actor }: Acting,
  { isSent }: { readonly isSent: boolean },
  message: RowId | null,
): Promise<QueuedMessage> {
  const panel = requirePanel(actor, CUSTOMER_ROLES);
  const { tenantId, userId } = actor;
  const own = { tenantId, id: panel.id };
  return transact(ports, async (tx) => {
    await refuseActor(tx, actor, panel.id, CUSTOMER_ROLES, { isOpenWhileSuspended: true });
    const id = message?.id ?? null;
    if (id === null || (await findMessage(tx, own, id)) === null) throw new NotFound();
    if (isSent) {
      await tx`
        UPDATE reminder_message m SET sent_at = date_trunc('milliseconds', statement_timestamp()), sent_by = ${userId},
          template = coalesce(m.template, (
            SELECT r.template FROM reminder_rule r WHERE r.tenant_id = m.tenant_id AND r.reseller_id = m.reseller_id AND r.rule = m.rule))
        WHERE m.tenant_id = ${tenantId} AND m.id = ${id} AND m.sent_at IS NULL`;
    } else {
      await tx`UPDATE reminder_message SET sent_at = NULL, sent_by = NULL WHERE tenant_id = ${tenantId} AND id = ${id}`;
    }
    const found = await findMessage(tx, own, id);
    if (found === null) throw new NotFound();
    return found;
  });
}
