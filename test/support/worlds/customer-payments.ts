/** Customer payments below the use cases: rows and ledger commands. */

import type { Sql } from '../../../src/db/sql.ts';
import { PROVIDER_ACTOR_ID, type Role } from '../../../src/kernel/actor.ts';
import { uuidv7 } from '../../../src/kernel/uuid.ts';
import type { RefundCustomerPayment, SettleCustomerPayment } from '../../../src/ledger/command.ts';
import type { Panel } from './ledger-world.ts';

export interface OpenPayment {
  readonly tenantId: string;
  readonly id: string;
  readonly customerId: string;
}

/** Inserts a payment as a customer's page opens it. A test may choose its id. */
export async function openedPayment(
  sql: Sql,
  { id: panelId, tenantId }: Panel,
  customerId: string,
  { id = uuidv7(), periods = 1, screens = 1 }: { readonly id?: string; readonly periods?: number; readonly screens?: number } = {},
): Promise<OpenPayment> {
  await sql`
    INSERT INTO customer_payment (tenant_id, id, reseller_id, customer_id, plan_id, plan_name, price_minor, currency, periods, screens, opened_at, expires_at)
    VALUES (${tenantId}, ${id}, ${panelId}, ${customerId}, ${id}, 'Plan', 2500, 'BRL', ${periods}, ${screens}, clock_timestamp(), clock_timestamp() + interval '24 hours')`;
  return { tenantId, id, customerId };
}

/** The command with which the panel itself confirms that the money arrived. */
export function confirmed({ id: scopeId, tenantId, userId: actorId }: Panel, { customerId, id }: OpenPayment): SettleCustomerPayment {
  const roles: readonly Role[] = ['OWNER'];
  return {
    kind: 'settleCustomerPayment',
    ...{ tenantId, scopeTenantId: tenantId, scopeId, actorId, roles, key: null, hash: null },
    ...{ paymentId: id, customerId, settlementId: uuidv7(), reference: null, turn: 0, address: null },
  };
}

/**
 * The command for a provider's message that the money arrived, which is accepted whatever state the panel is in.
 * `turn` counts how often the money has gone back and come again.
 */
export function paid(panel: Panel, payment: OpenPayment, reference: string | null = null, turn = 0): SettleCustomerPayment {
  return { ...confirmed(panel, payment), actorId: PROVIDER_ACTOR_ID, roles: [], reference, turn };
}

/** The command for a provider's message that all of the money went back. */
export function refunded(panel: Panel, payment: OpenPayment, reference: string, turn = 1): RefundCustomerPayment {
  const { address: _, ...word } = paid(panel, payment, reference, turn);
  return { ...word, kind: 'refundCustomerPayment', reference };
}
