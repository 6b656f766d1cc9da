/** Reads the page that a customer's renewal link opens (R53). */

import type { Sql } from '../../db/sql.ts';
import { type Payment, paymentsOf } from '../customer-payment/payments.ts';
import { type Plan, plansOf } from '../plan/plans.ts';
import type { Ports } from '../ports.ts';
import type { SellerCard } from '../purchase/seller-card.ts';
import { hashOf, tenantsOfLink } from './renewal-link.ts';

/** Everything that the page shows of the customer and its panel. */
export interface RenewalPage {
  /** null if the customer's name in the panel does not begin with a personal name. */
  readonly firstName: string | null;
  readonly expiresAt: Date;
  readonly isTrial: boolean;
  /** The database's clock. */
  readonly now: Date;
  /** An IANA name. */
  readonly timeZone: string;
  readonly panelName: string;
  readonly card: SellerCard | null;
  readonly plans: readonly Plan[];
  /** The requested payment, if it belongs to the customer. */
  readonly payment: Payment | null;
  /** The other payments that are open, or paid and waiting. */
  readonly payments: readonly Payment[];
}

interface Row {
  readonly tenantId: string;
  readonly customerId: string;
  readonly name: string;
  readonly expiresAt: Date;
  readonly isTrial: boolean;
  readonly now: Date;
  readonly timeZone: string;
  readonly panelId: string;
  readonly panelName: string;
  readonly cardName: string | null;
  readonly whatsapp: string | null;
  readonly pixKey: string | null;
  readonly instructions: string | null;
}

/**
 * Returns null if the token is unknown or its panel is closed. It works for a locked or suspended panel too, so that the customer
 * can pay.
 */
export async function renewalPage(
  ports: Pick<Ports, 'sql' | 'directory'>,
  token: string,
  paymentId: string | null = null,
): Promise<RenewalPage | null> {
  const { sql } = ports;
  const [tenantId] = await tenantsOfLink(ports, token);
  if (tenantId === undefined) return null;
  return pageIn(sql, tenantId, token, paymentId);
}

/** A null `ofTenant` searches all tenants. */
async function pageIn(sql: Sql, ofTenant: string | null, token: string, paymentId: string | null): Promise<RenewalPage | null> {
  const [row] = await sql<Row[]>`
    SELECT c.tenant_id AS "tenantId", c.id AS "customerId", c.name, c.expires_at AS "expiresAt", c.is_trial AS "isTrial", clock_timestamp() AS now,
      t.time_zone AS "timeZone", r.id AS "panelId", r.name AS "panelName", k.name AS "cardName", k.whatsapp, k.pix_key AS "pixKey", k.instructions
    FROM renewal_link l
    JOIN customer c ON c.tenant_id = l.tenant_id AND c.id = l.customer_id
    JOIN reseller r ON r.tenant_id = c.tenant_id AND r.id = c.reseller_id AND r.closed_at IS NULL
    JOIN tenant t ON t.id = c.tenant_id
    LEFT JOIN seller_card k ON k.tenant_id = r.tenant_id AND k.seller_id = r.id
    WHERE ${ofTenant === null ? sql`` : sql`l.tenant_id = ${ofTenant} AND`} l.token_hash = ${hashOf(token)}`;
  if (!row) return null;
  const { cardName, customerId, expiresAt, instructions, isTrial, now, panelId, panelName, pixKey, tenantId, timeZone, whatsapp } = row;
  const payments = await paymentsOf(sql, { tenantId, id: customerId }, paymentId);
  return {
    firstName: firstNameOf(row.name),
    ...{ expiresAt, isTrial, now, timeZone, panelName },
    card: cardName === null ? null : { name: cardName, whatsapp, pixKey, instructions },
    plans: await plansOf(sql, { tenantId, id: panelId }),
    payment: payments.find(({ id }) => id === paymentId) ?? null,
    payments: payments.filter(({ id }) => id !== paymentId),
  };
}

/** A word with more digits is not a name but probably a phone number, which is the customer's contact. */
const MOST_DIGITS = 4;

/** A panel may have entered a contact as the name. It is not shown, because anybody with the link could read it. */
function firstNameOf(name: string): string | null {
  const [first = ''] = name.trim().split(/\s+/u);
  return first.includes('@') || first.replaceAll(/\D/gu, '').length > MOST_DIGITS || /^\+?[\d()-]+$/u.test(first) ? null : first;
}
