/** Once a minute, expires payments that nobody made in time, and retries waiting ones (R54). */

import { isOf, tenantOr } from '../../db/by-tenant.ts';
import type { Sql } from '../../db/sql.ts';
import { PROVIDER_ACTOR_ID } from '../../kernel/actor.ts';
import { NIL_UUID } from '../../kernel/nil-uuid.ts';
import type { Ports } from '../ports.ts';
import { type TenantWithWork, tenantsWithWork } from '../tenants-with-work.ts';

/** The most rows of one statement, and the most statements of one sweep. */
const BATCH_ROWS = 500;
const BATCHES = 20;
/** The panels that are tried at once, with one command each. */
const TRIED_PANELS = 200;

interface Waiting {
  readonly tenantId: string;
  readonly resellerId: string;
  readonly paymentId: string;
  readonly customerId: string;
}

/** Any number of servers may run this concurrently: each row is handled by one of them, and each payment is applied once. */
export async function sweepPayments(ports: Pick<Ports, 'sql' | 'topology' | 'ledger' | 'customerPaymentsChanged'>): Promise<void> {
  if (await expire(ports)) ports.customerPaymentsChanged();
  await applyWaiting(ports);
}

async function expire(ports: Pick<Ports, 'sql' | 'topology'>): Promise<boolean> {
  const { sql } = ports;
  const tenants = await tenantsWithWork(
    ports,
    () =>
      sql<
        TenantWithWork[]
      >`SELECT DISTINCT tenant_id AS "tenantId" FROM customer_payment WHERE status = 'PENDING' AND expires_at <= clock_timestamp()`,
  );
  let any = false;
  for (const tenantId of tenants) any = (await expireIn(sql, tenantId)) || any;
  return any;
}

async function expireIn(sql: Sql, tenantId: string | null): Promise<boolean> {
  let any = false;
  for (let batch = 0, rows = BATCH_ROWS; batch < BATCHES && rows === BATCH_ROWS; batch += 1) {
    const expired = await sql`
      UPDATE customer_payment p SET status = 'EXPIRED'
      FROM (
        SELECT tenant_id, id FROM customer_payment WHERE ${isOf(sql, tenantId)} AND status = 'PENDING' AND expires_at <= statement_timestamp()
        ORDER BY expires_at LIMIT ${BATCH_ROWS} FOR NO KEY UPDATE SKIP LOCKED
      ) AS due
      WHERE p.tenant_id = ${tenantOr(sql, tenantId, 'due.tenant_id')} AND p.id = due.id`;
    rows = expired.count;
    any ||= rows > 0;
  }
  return any;
}

/**
 * A commit that brings credits applies waiting payments by itself. The ledger does not notice when another obstacle ends: a
 * suspension, a reserve or a limit, the closing of a panel, or the passing of days. A command on the panel makes it try again.
 */
async function applyWaiting(ports: Pick<Ports, 'sql' | 'ledger'>): Promise<void> {
  let last: Pick<Waiting, 'tenantId' | 'resellerId'> = { tenantId: NIL_UUID, resellerId: NIL_UUID };
  for (let batch = 0, panels = TRIED_PANELS; batch < BATCHES && panels === TRIED_PANELS; batch += 1) {
    const waiting = await waitingAfter(ports, last);
    await Promise.all(waiting.map((one) => touch(ports, one)));
    panels = waiting.length;
    last = waiting.at(-1) ?? last;
  }
}

/** Returns the oldest waiting payment of each panel that has the credits for it, for panels after this one. */
function waitingAfter({ sql }: Pick<Ports, 'sql'>, { resellerId, tenantId }: Pick<Waiting, 'tenantId' | 'resellerId'>): Promise<Waiting[]> {
  return sql<Waiting[]>`
    SELECT DISTINCT ON (p.tenant_id, p.reseller_id) p.tenant_id AS "tenantId", p.reseller_id AS "resellerId", p.id AS "paymentId", p.customer_id AS "customerId"
    FROM customer_payment p
    JOIN account a ON a.tenant_id = p.tenant_id AND a.id = p.reseller_id AND a.balance >= p.periods * p.screens
    JOIN reseller r ON r.tenant_id = p.tenant_id AND r.id = p.reseller_id AND r.closed_at IS NULL
    WHERE p.status = 'PAID_UNFUNDED' AND (p.tenant_id, p.reseller_id) > (${tenantId}::uuid, ${resellerId}::uuid)
    ORDER BY p.tenant_id, p.reseller_id, p.paid_at, p.id LIMIT ${TRIED_PANELS}`;
}

/** A refusal is ignored: the payment keeps waiting. */
async function touch({ ledger }: Pick<Ports, 'ledger'>, { customerId, paymentId, resellerId, tenantId }: Waiting): Promise<void> {
  await ledger.post({
    kind: 'applyCustomerPayment',
    ...{ tenantId, scopeTenantId: tenantId, scopeId: resellerId, actorId: PROVIDER_ACTOR_ID, roles: [], key: null, hash: null },
    ...{ paymentId, customerId },
  });
}
