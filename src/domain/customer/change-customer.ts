/** Runs a change of a customer that moves no credits, under the lock of its panel's account. */

import type { Transaction } from '../../db/sql.ts';
import type { Actor, Panel } from '../../kernel/actor.ts';
import { NotFound } from '../../kernel/errors.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { refuseActor } from '../refuse-actor.ts';
import { transact } from '../transact.ts';
import { CUSTOMER_ROLES } from './fields.ts';
import type { PaidRow } from './paid-screens.ts';

/** A customer's row, read under the lock of its panel's account. */
export interface CustomerNow extends PaidRow {
  readonly tenantId: string;
  readonly id: string;
  readonly name: string;
  readonly contact: string | null;
  readonly notes: string | null;
  readonly planId: string | null;
  readonly muted: boolean;
  readonly isTrial: boolean;
  /** The database's clock. */
  readonly now: Date;
}

/**
 * Changes fields of a customer that involve no credits, in one short transaction. It locks the acting panel's account, as the
 * ledger does for all other changes. It reads the actor and the customer's panel after the lock, because a panel that was closed
 * meanwhile has handed its customers to its parent. Refusals come in the order of R35. `customer` is the row that the caller's id
 * names, or null.
 */
export async function changeCustomer(
  ports: Pick<Ports, 'sql'>,
  actor: Actor,
  panel: Panel,
  customer: RowId | null,
  change: (tx: Transaction, now: CustomerNow) => Promise<unknown>,
): Promise<RowId> {
  return transact(ports, async (tx) => {
    await tx`SELECT FROM account WHERE tenant_id = ${actor.tenantId} AND id = ${panel.id} FOR NO KEY UPDATE`;
    await refuseActor(tx, actor, panel.id, CUSTOMER_ROLES);
    const [now] = await tx<CustomerNow[]>`
      SELECT tenant_id AS "tenantId", id, name, contact, notes, plan_id AS "planId", muted, screens, later_spans AS "laterSpans", next_screens AS "nextScreens",
        expires_at AS "expiresAt", is_trial AS "isTrial", clock_timestamp() AS now
      FROM customer WHERE tenant_id = ${actor.tenantId} AND id = ${customer?.id ?? null} AND reseller_id = ${panel.id}`;
    if (now === undefined) throw new NotFound();
    await change(tx, now);
    return { tenantId: now.tenantId, id: now.id };
  });
}
