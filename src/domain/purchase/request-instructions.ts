/** Has a payment provider make payment instructions, and new ones after they have lapsed (R28, R54). */

import type { Sql } from '../../db/sql.ts';
import type { Credentials, Order } from '../../payments/gateway.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { credentialsOf, type PaymentAccount, webhookPath } from './payment-accounts.ts';

/** A row with payment instructions, and its table. */
export interface Instructed extends RowId {
  readonly table: 'purchase' | 'customer_payment';
}

export interface Payable extends Instructed {
  readonly paymentInstructions: string | null;
  /** How many times its instructions have lapsed. */
  readonly paymentAttempt: number;
  /** Whether the instructions, if there are any, are past their time. */
  readonly isLapsed: boolean;
}

/** The facts of the order that the provider receives. */
export type Bill = Omit<Order, 'tenantId' | 'orderId' | 'accountId' | 'attempt' | 'webhookUrl'>;

type Needed = Pick<Ports, 'sql' | 'secrets' | 'payments'>;

/** The most attempts of one call. If a provider reports one attempt after another as spent, the provider is broken, not the attempt. */
const MAX_ATTEMPTS_AT_ONCE = 2;

/**
 * Returns the payment instructions of an order that may still be paid; they are stored until they lapse. Call it with no transaction
 * open. Returns null if there is no account or its provider does not answer; a later call tries again. `isReading`: does not call a
 * provider that recently failed to answer.
 */
export async function requestInstructions(
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

/** Discards the instructions of this attempt, so that the next call makes new ones. Instructions of a later attempt stay. */
export async function lapse(sql: Sql, { id, table, tenantId }: Instructed, attempt: number): Promise<void> {
  await sql`
    UPDATE ${sql(table)} SET payment_instructions = NULL, payment_lapses_at = NULL, payment_attempt = payment_attempt + 1
    WHERE tenant_id = ${tenantId} AND id = ${id} AND status = 'PENDING' AND payment_attempt = ${attempt}`;
}

interface Current {
  readonly attempt: number;
  readonly instructions: string | null;
}

/** Returns null if the order can no longer be paid. */
async function currentOf(sql: Sql, { id, table, tenantId }: Instructed): Promise<Current | null> {
  const [row] = await sql<Current[]>`
    SELECT payment_attempt AS attempt, payment_instructions AS instructions FROM ${sql(table)}
    WHERE tenant_id = ${tenantId} AND id = ${id} AND status = 'PENDING'`;
  return row ?? null;
}

/** Stores the instructions. If two calls ran at once, both return those stored first. Returns null if the attempt has lapsed meanwhile. */
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

/** Returns null if they were sealed with a key that this server does not have. A server with the key will make the instructions. */
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
