/** The use case reportPayment: the buyer says that it has paid (R40). */

import { z } from 'zod';
import type { Sql } from '../../db/sql.ts';
import type { Actor } from '../../kernel/actor.ts';
import { InvalidState, NotFound, RateLimited } from '../../kernel/errors.ts';
import { checkInput } from '../check-input.ts';
import { type RowId, requirePanel } from '../input.ts';
import type { Ports } from '../ports.ts';
import { optional, prose } from '../text.ts';
import { BUY_ROLES } from './buy-credits.ts';
import { findPurchase, type PurchaseRow } from './purchase-row.ts';

const MAX_NOTE_CHARACTERS = 200;
/** The shortest time between two reports of the same purchase. */
const REPORT_EVERY_SECONDS = 600;

const schema = z.object({ note: optional(prose(MAX_NOTE_CHARACTERS)) });

/**
 * Reports the acting panel's own order as paid while it is PENDING. It moves no credits, and a locked or suspended panel may do it
 * too. The same note again within ten minutes succeeds, because the first answer may have been lost; another note is RateLimited.
 */
export async function reportPayment(
  { purchasesChanged, sql }: Pick<Ports, 'sql' | 'purchasesChanged'>,
  actor: Actor,
  input: { readonly note?: string | null | undefined },
  purchase: RowId | null,
): Promise<RowId> {
  const panel = requirePanel(actor, BUY_ROLES);
  const { note = null } = checkInput(schema, input);
  const row = purchase && (await findPurchase(sql, purchase));
  if (row?.buyerId !== panel.id || row.tenantId !== actor.tenantId) throw new NotFound();
  const { id, tenantId } = row;
  // The UPDATE itself checks the status, so that this and a concurrent settlement do not wait for each other.
  const reported = await sql`
    UPDATE purchase SET reported_at = date_trunc('milliseconds', statement_timestamp()), report_note = ${note}
    WHERE tenant_id = ${tenantId} AND id = ${id} AND status = 'PENDING' AND expires_at > statement_timestamp()
      AND (reported_at IS NULL OR reported_at <= statement_timestamp() - ${REPORT_EVERY_SECONDS} * interval '1 second')
    RETURNING id`;
  if (reported.length === 0) await requireReported(sql, row, note);
  else purchasesChanged();
  return { tenantId, id };
}

/** Throws unless the purchase was recently reported with this note. */
async function requireReported(sql: Sql, { id, tenantId }: PurchaseRow, note: string | null): Promise<void> {
  const [now] = await sql<{ isOpen: boolean; isSame: boolean; waitSeconds: number }[]>`
    SELECT status = 'PENDING' AND expires_at > clock_timestamp() AS "isOpen", report_note IS NOT DISTINCT FROM ${note}::text AS "isSame",
      coalesce(ceil(extract(epoch FROM reported_at - clock_timestamp()) + ${REPORT_EVERY_SECONDS}), 0)::integer AS "waitSeconds"
    FROM purchase WHERE tenant_id = ${tenantId} AND id = ${id}`;
  if (!now?.isOpen) throw new InvalidState('The purchase no longer waits for a payment.');
  if (!now.isSame) throw new RateLimited(Math.max(1, now.waitSeconds));
}
