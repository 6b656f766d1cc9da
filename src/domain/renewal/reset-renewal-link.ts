/** The use case resetRenewalLink: replaces or revokes the link to a customer's page (R53). */

import type { Transaction } from '../../db/sql.ts';
import type { Acting } from '../../kernel/actor.ts';
import { recordAudit } from '../audit/record.ts';
import { changeCustomer } from '../customer/change-customer.ts';
import { CUSTOMER_ROLES } from '../customer/fields.ts';
import { type RowId, requirePanel } from '../input.ts';
import type { Ports } from '../ports.ts';
import { hashOf, newToken, sealContext } from './renewal-link.ts';

/**
 * The old link is invalid from the commit on. This moves no credits and has no idempotency key: a caller who repeats it after a lost
 * answer gets another link, and the last one is valid. `customer` is the row that the caller's id names, or null.
 */
export async function resetRenewalLink(
  ports: Pick<Ports, 'sql' | 'directory' | 'secrets'>,
  { actor, address }: Acting,
  { revoke }: { readonly revoke: boolean },
  customer: RowId | null,
): Promise<RowId> {
  const panel = requirePanel(actor, CUSTOMER_ROLES);
  const token = newToken();
  let before: string | null = null;
  const changed = await changeCustomer(ports, actor, panel, customer, async (tx, now) => {
    const { id, tenantId } = now;
    if (ports.directory !== null) before = await wordNow(tx, now);
    if (revoke) await tx`DELETE FROM renewal_link WHERE tenant_id = ${tenantId} AND customer_id = ${id}`;
    else {
      await ports.directory?.note('RENEWAL_LINK', hashOf(token).toString('hex'), { tenantId, subjectId: id });
      await tx`
        INSERT INTO renewal_link (tenant_id, customer_id, token_hash, token, made_at)
        VALUES (${tenantId}, ${id}, ${hashOf(token)}, ${ports.secrets.seal(token, sealContext(now))}, date_trunc('milliseconds', clock_timestamp()))
        ON CONFLICT (tenant_id, customer_id) DO UPDATE
          SET token_hash = excluded.token_hash, token = excluded.token, made_at = excluded.made_at`;
    }
    await recordAudit(tx, {
      ...{ tenantId, resellerId: panel.id, actorId: actor.userId, address },
      ...{
        action: 'RENEWAL_LINK_RESET',
        subject: now.name,
        changes: [{ field: 'renewalLink', before: null, after: revoke ? null : 'replaced' }],
      },
    });
  });
  // The old entry of the directory leads nowhere now. If the process crashes right here, it remains and does no harm.
  if (before !== null) await ports.directory?.forget('RENEWAL_LINK', before);
  return changed;
}

/** The directory's entry for the customer's present link, if it has one. */
async function wordNow(tx: Transaction, { id, tenantId }: RowId): Promise<string | null> {
  const [link] = await tx<{ word: string }[]>`
    SELECT encode(token_hash, 'hex') AS word FROM renewal_link WHERE tenant_id = ${tenantId} AND customer_id = ${id}`;
  return link?.word ?? null;
}
