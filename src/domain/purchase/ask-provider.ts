/** Has a payment provider make what somebody pays with, and makes it anew once it has lapsed (R28, R54). */

import type { Sql } from '../../db/sql.ts';
import type { Credentials, Order } from '../../payments/gateway.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { credentialsOf, type PaymentAccount, webhookPath } from './payment-accounts.ts';

/** A row that has instructions, by its table. */
export interface Instructed extends RowId {
  readonly table: 'purchase' | 'customer_payment';
}

export interface Payable extends Instructed {
  readonly paymentInstructions: string | null;
  /** How often its instructions have lapsed. */
  readonly paymentAttempt: number;
  /** Whether the instructions, if there are any, are past their time. */
  readonly isLapsed: boolean;
}

/** What the provider is told of it. */
export type Bill = Omit<Order, 'tenantId' | 'orderId' | 'accountId' | 'attempt' | 'webhookUrl'>;

type Needed = Pick<Ports, 'sql' | 'secrets' | 'payments'>;

/** How many attempts one who asks goes through: a provider that spends one after another is broken, not the attempt. */
const MAX_ATTEMPTS_AT_ONCE = 2;

/**
 * What it may be paid with, which is kept until it lapses; of what may still be paid only. Asked with no transaction open. null: there
 * is no account, or its provider does not answer; asking later makes it. `isReading`: a provider that was silent a moment ago is left alone.
 */
export async function askProvider(
  ports: Needed,
  payable: Payable,
  account: PaymentAccount | null,
  billOf: () => Promise<Bill>,
  isReading: boolean,
): Promise<string | null> {
  const { isLapsed, paymentInstructions: known } = payable;
  if (known !== null && !isLapsed) return known;
  if (known !== null) await lapse(ports.sql, payable, payable.paymentAttempt);
  if (account === null || (isReading && ports.payments.isSilent(account.id))) return null;
  const credentials = usable(ports, account);
  if (credentials === null) return null;
  const bill = await billOf();
  for (let round = 0; round < MAX_ATTEMPTS_AT_ONCE; round += 1) {
    const current = await currentOf(ports.sql, payable);
    if (current === null || current.instructions !== null) return current?.instructions ?? null;
    const { attempt } = current;
    const made = await ports.payments.gateway(account.provider).instructions(orderOf(ports, payable, account, attempt, bill), credentials);
    ports.payments.answered(account.id, made.status !== 'unavailable');
    if (made.status === 'made') return keep(ports.sql, payable, attempt, made.instructions, made.lapsesAtMs);
    if (made.status === 'unavailable') return null;
    await lapse(ports.sql, payable, attempt);
  }
  return null;
}

/** What was made by this attempt works no longer, and the next who asks is given something else. A later attempt's stays. */
export async function lapse(sql: Sql, { id, table, tenantId }: Instructed, attempt: number): Promise<void> {
  await sql`
    UPDATE ${sql(table)} SET payment_instructions = NULL, payment_lapses_at = NULL, payment_attempt = payment_attempt + 1
    WHERE tenant_id = ${tenantId} AND id = ${id} AND status = 'PENDING' AND payment_attempt = ${attempt}`;
}

interface Current {
  readonly attempt: number;
  readonly instructions: string | null;
}

/** null: it is not to be paid for any more. */
async function currentOf(sql: Sql, { id, table, tenantId }: Instructed): Promise<Current | null> {
  const [row] = await sql<Current[]>`
    SELECT payment_attempt AS attempt, payment_instructions AS instructions FROM ${sql(table)}
    WHERE tenant_id = ${tenantId} AND id = ${id} AND status = 'PENDING'`;
  return row ?? null;
}

/** Two who asked at once were answered alike; the first is kept. What came too late for its attempt is not handed out. */
async function keep(
  sql: Sql,
  { id, table, tenantId }: Instructed,
  attempt: number,
  made: string,
  lapsesAtMs: number | null,
): Promise<string | null> {
  const lapsesAt = lapsesAtMs === null ? null : new Date(lapsesAtMs);
  const [kept] = await sql<{ instructions: string }[]>`
    UPDATE ${sql(table)} SET payment_instructions = coalesce(payment_instructions, ${made}),
      payment_lapses_at = CASE WHEN payment_instructions IS NULL THEN ${lapsesAt}::timestamptz ELSE payment_lapses_at END
    WHERE tenant_id = ${tenantId} AND id = ${id} AND payment_attempt = ${attempt} RETURNING payment_instructions AS instructions`;
  return kept?.instructions ?? null;
}

/** null: they were sealed with a key that this server was not given. A server with the key makes what is missing. */
function usable(ports: Needed, account: PaymentAccount): Credentials | null {
  try {
    return credentialsOf(ports, account);
  } catch {
    return null;
  }
}

function orderOf({ payments }: Needed, { id, tenantId }: Instructed, account: PaymentAccount, attempt: number, bill: Bill): Order {
  const webhookUrl = `${payments.publicUrl}${webhookPath(account)}`;
  return { ...bill, orderId: id, tenantId, accountId: account.id, attempt, webhookUrl };
}
