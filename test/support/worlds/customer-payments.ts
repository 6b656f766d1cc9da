import { uuidv7 } from 'uuidv7';
import type { Sql } from '../../../src/db/sql.ts';
import { PROVIDER_ACTOR_ID, type Role } from '../../../src/kernel/actor.ts';
import type { RefundCustomerPayment, SettleCustomerPayment } from '../../../src/ledger/command.ts';
import type { Panel } from './ledger-world.ts';

export interface OpenPayment {
  readonly tenantId: string;
  readonly id: string;
  readonly customerId: string;
}

/** As a customer's page opens it, with an id that may be known before. */
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

/** The panel's own word that the money arrived. */
export function confirmed({ id: scopeId, tenantId, userId: actorId }: Panel, { customerId, id }: OpenPayment): SettleCustomerPayment {
  const roles: readonly Role[] = ['OWNER'];
  return {
    kind: 'settleCustomerPayment',
    ...{ tenantId, scopeTenantId: tenantId, scopeId, actorId, roles, key: null, hash: null },
    ...{ paymentId: id, customerId, settlementId: uuidv7(), reference: null, turn: 0, address: null },
  };
}

/** A provider's: taken however the panel stands. `turn`: how often its money had gone back, and come again. */
export function paid(panel: Panel, payment: OpenPayment, reference: string | null = null, turn = 0): SettleCustomerPayment {
  return { ...confirmed(panel, payment), actorId: PROVIDER_ACTOR_ID, roles: [], reference, turn };
}

/** A provider's word that all of it went back. */
export function refunded(panel: Panel, payment: OpenPayment, reference: string, turn = 1): RefundCustomerPayment {
  const { address: _, ...word } = paid(panel, payment, reference, turn);
  return { ...word, kind: 'refundCustomerPayment', reference };
}
