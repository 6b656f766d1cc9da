/** Each minute: payments that nobody made in time expire, and what waits is tried once more (R54). */

import { PROVIDER_ACTOR_ID } from '../../kernel/actor.ts';
import type { Ports } from '../ports.ts';

/** Rows of one statement, and statements of one sweep. */
const BATCH_ROWS = 500;
const BATCHES = 20;
/** Panels that are tried in one sweep. */
const TRIED_PANELS = 200;

interface Waiting {
  readonly tenantId: string;
  readonly resellerId: string;
  readonly paymentId: string;
  readonly customerId: string;
}

/** Any number of servers may do this at once: each row is one's, and what is applied is applied once. */
export async function sweepPayments(ports: Pick<Ports, 'sql' | 'ledger' | 'customerPaymentsChanged'>): Promise<void> {
  if (await expire(ports)) ports.customerPaymentsChanged();
  await applyWaiting(ports);
}

async function expire({ sql }: Pick<Ports, 'sql'>): Promise<boolean> {
  let any = false;
  for (let batch = 0, rows = BATCH_ROWS; batch < BATCHES && rows === BATCH_ROWS; batch += 1) {
    const expired = await sql`
      UPDATE customer_payment p SET status = 'EXPIRED'
      FROM (
        SELECT tenant_id, id FROM customer_payment WHERE status = 'PENDING' AND expires_at <= clock_timestamp()
        ORDER BY expires_at LIMIT ${BATCH_ROWS} FOR NO KEY UPDATE SKIP LOCKED
      ) AS due
      WHERE p.tenant_id = due.tenant_id AND p.id = due.id`;
    rows = expired.count;
    any ||= rows > 0;
  }
  return any;
}

/**
 * Commits that bring credits apply what waits by themselves. What else may have stood in the way is not the ledger's to notice: a
 * suspension that ended, a reserve or a limit that was lifted, a panel that was closed, days that went by. Touching the panel is enough.
 */
async function applyWaiting({ ledger, sql }: Pick<Ports, 'sql' | 'ledger'>): Promise<void> {
  const waiting = await sql<Waiting[]>`
    SELECT DISTINCT ON (p.tenant_id, p.reseller_id) p.tenant_id AS "tenantId", p.reseller_id AS "resellerId", p.id AS "paymentId", p.customer_id AS "customerId"
    FROM customer_payment p
    JOIN account a ON a.tenant_id = p.tenant_id AND a.id = p.reseller_id AND a.balance >= p.periods * p.screens
    JOIN reseller r ON r.tenant_id = p.tenant_id AND r.id = p.reseller_id AND r.closed_at IS NULL
    WHERE p.status = 'PAID_UNFUNDED'
    ORDER BY p.tenant_id, p.reseller_id, p.paid_at, p.id LIMIT ${TRIED_PANELS}`;
  for (const { customerId, paymentId, resellerId, tenantId } of waiting) {
    // A refusal says what it still waits for, and is no news.
    await ledger.post({
      kind: 'applyCustomerPayment',
      ...{ tenantId, scopeTenantId: tenantId, scopeId: resellerId, actorId: PROVIDER_ACTOR_ID, roles: [], key: null, hash: null },
      ...{ paymentId, customerId },
    });
  }
}
