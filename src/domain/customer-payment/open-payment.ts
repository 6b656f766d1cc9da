/** The use case of the customer's page: the customer chooses a plan, and a payment for it is opened (R54). */

import { isOf } from '../../db/by-tenant.ts';
import type { Sql, Transaction } from '../../db/sql.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import { mostScreensAllowed } from '../../ledger/rules/limits.ts';
import { PERIOD_MS } from '../../ledger/rules/spans.ts';
import { MAX_PERIODS } from '../../ledger/rules/terms.ts';
import type { RowId } from '../input.ts';
import { type Plan, planOf } from '../plan/plans.ts';
import type { Ports } from '../ports.ts';
import { hashOf, tenantsOfLink } from '../renewal/renewal-link.ts';
import { limitsOnPath } from '../reseller/limits-on-path.ts';
import { transact } from '../transact.ts';

/** How long a payment is open. Later money is accepted too. */
const OPEN_HOURS = 24;
/** The most attempts, if the panel is closed meanwhile and its customers move to its parent. */
const ATTEMPTS = 3;

/**
 * unknown: the link is invalid. gone: the panel does not offer the plan. refused: the payment could not be applied, so nobody should
 * make it.
 */
export type Opened =
  | { readonly kind: 'opened'; readonly tenantId: string; readonly id: string }
  | { readonly kind: 'unknown' | 'gone' | 'refused' };

interface Owner extends RowId {
  readonly resellerId: string;
}

interface CustomerNow extends Owner {
  readonly isTrial: boolean;
  readonly expiresAt: Date;
  readonly screens: number;
  readonly now: Date;
  /** The periods of payments that are paid and waiting. */
  readonly waiting: number;
}

/**
 * Repeated or concurrent calls open only one payment. If the panel has changed the plan since, the call opens another payment with the
 * present terms.
 */
export async function openPayment(
  ports: Pick<Ports, 'sql' | 'directory' | 'customerPaymentsChanged'>,
  token: string,
  planId: string,
): Promise<Opened> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const owner = await ownerOf(ports, token);
    if (owner === null) return { kind: 'unknown' };
    const plan = await planOf(ports.sql, { tenantId: owner.tenantId, id: owner.resellerId }, { tenantId: owner.tenantId, id: planId });
    if (plan === null) return { kind: 'gone' };
    const known = await openOne(ports.sql, owner, plan);
    if (known !== null) return { kind: 'opened', tenantId: owner.tenantId, id: known };
    const opened = await transact(ports, (tx) => open(tx, owner, plan));
    if (opened.kind === 'opened') ports.customerPaymentsChanged();
    if (opened.kind !== 'handed on') return opened;
  }
  return { kind: 'gone' };
}

async function ownerOf(ports: Pick<Ports, 'sql' | 'directory'>, token: string): Promise<Owner | null> {
  const [tenantId] = await tenantsOfLink(ports, token);
  return tenantId === undefined ? null : ownerIn(ports.sql, tenantId, token);
}

/** A null `tenantId` searches all tenants. */
async function ownerIn(sql: Sql, tenantId: string | null, token: string): Promise<Owner | null> {
  const [owner] = await sql<Owner[]>`
    SELECT c.tenant_id AS "tenantId", c.id, c.reseller_id AS "resellerId"
    FROM renewal_link l
    JOIN customer c ON c.tenant_id = l.tenant_id AND c.id = l.customer_id
    JOIN reseller r ON r.tenant_id = c.tenant_id AND r.id = c.reseller_id AND r.closed_at IS NULL
    WHERE ${isOf(sql, tenantId, 'l.tenant_id')} AND l.token_hash = ${hashOf(token)}`;
  return owner ?? null;
}

/** Finds the open payment that has the plan's present terms. */
async function openOne(sql: Ports['sql'] | Transaction, { id, resellerId, tenantId }: Owner, plan: Plan): Promise<string | null> {
  const [known] = await sql<{ id: string }[]>`
    SELECT id FROM customer_payment
    WHERE tenant_id = ${tenantId} AND customer_id = ${id} AND plan_id = ${plan.id} AND status = 'PENDING' AND expires_at > clock_timestamp()
      AND reseller_id = ${resellerId} AND (plan_name, price_minor, currency, periods, screens)
        = (${plan.name}::text, ${plan.priceMinor}::bigint, ${plan.currency}::text, ${plan.periods}::smallint, ${plan.screens}::smallint)`;
  return known?.id ?? null;
}

/**
 * Opens the payment under a shared lock on the panel's account, which closing the panel and renewing the customer lock exclusively.
 * So a closing either sees the new payment, or the customer already belongs to the parent. Concurrent calls do not wait for each other.
 */
async function open(tx: Transaction, owner: Owner, plan: Plan): Promise<Opened | { readonly kind: 'handed on' }> {
  const { id: customerId, resellerId, tenantId } = owner;
  await tx`SELECT FROM account WHERE tenant_id = ${tenantId} AND id = ${resellerId} FOR SHARE`;
  const customer = await customerNow(tx, owner);
  if (customer?.resellerId !== resellerId) return { kind: 'handed on' };
  if (await isTooMuch(tx, customer, plan)) return { kind: 'refused' };
  await tx`
    UPDATE customer_payment SET status = 'EXPIRED'
    WHERE tenant_id = ${tenantId} AND customer_id = ${customerId} AND plan_id = ${plan.id} AND status = 'PENDING'
      AND (expires_at <= statement_timestamp() OR (plan_name, price_minor, currency, periods, screens)
        <> (${plan.name}::text, ${plan.priceMinor}::bigint, ${plan.currency}::text, ${plan.periods}::smallint, ${plan.screens}::smallint))`;
  const id = uuidv7();
  const now = tx`date_trunc('milliseconds', statement_timestamp())`;
  // It uses VALUES because for INSERT … SELECT a distributed database counts all selected rows as inserted, even skipped ones.
  const made = await tx`
    INSERT INTO customer_payment (tenant_id, id, reseller_id, customer_id, plan_id, plan_name, price_minor, currency, periods, screens, opened_at, expires_at)
    VALUES (${tenantId}, ${id}, ${resellerId}, ${customerId}, ${plan.id}, ${plan.name}, ${plan.priceMinor}, ${plan.currency}, ${plan.periods},
      ${plan.screens}, ${now}, ${now} + ${OPEN_HOURS}::integer * interval '1 hour')
    ON CONFLICT (tenant_id, customer_id, plan_id) WHERE status = 'PENDING' DO NOTHING`;
  const opened = made.count === 1 ? id : await openOne(tx, owner, plan);
  return opened === null ? { kind: 'handed on' } : { kind: 'opened', tenantId, id: opened };
}

async function customerNow(tx: Transaction, { id, tenantId }: Owner): Promise<CustomerNow | undefined> {
  const [customer] = await tx<CustomerNow[]>`
    SELECT c.tenant_id AS "tenantId", c.id, c.reseller_id AS "resellerId", c.is_trial AS "isTrial", c.expires_at AS "expiresAt",
      greatest(c.screens, c.next_screens) AS screens, clock_timestamp() AS now,
      (SELECT coalesce(sum(p.periods), 0) FROM customer_payment p
        WHERE p.tenant_id = ${tenantId} AND p.customer_id = c.id AND p.status = 'PAID_UNFUNDED')::integer AS waiting
    FROM customer c JOIN reseller r ON r.tenant_id = c.tenant_id AND r.id = c.reseller_id AND r.closed_at IS NULL
    WHERE c.tenant_id = ${tenantId} AND c.id = ${id}`;
  return customer;
}

/**
 * Whether the ledger could not apply the payment even if the panel had the credits: more than 36 periods (R20), or more screens than
 * a limit allows (R56).
 */
async function isTooMuch(tx: Transaction, customer: CustomerNow, plan: Plan): Promise<boolean> {
  const nowMs = customer.now.getTime();
  const paidUntilMs = customer.isTrial ? nowMs : Math.max(nowMs, customer.expiresAt.getTime());
  if (paidUntilMs + (customer.waiting + plan.periods) * PERIOD_MS > nowMs + MAX_PERIODS * PERIOD_MS) return true;
  if (plan.screens <= customer.screens) return false;
  return plan.screens > mostScreensAllowed(await limitsOnPath(tx, customer.tenantId, customer.resellerId));
}
