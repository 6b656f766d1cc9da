/** What a command would cost and leave, computed by the functions that would do it: nothing is locked, and nothing is written. */

import { parametersOf, type Statement } from '../db/arrays/binary.ts';
import type { Sql } from '../db/sql.ts';
import { NotFound, Refusal } from '../kernel/errors.ts';
import type { ActivateCustomer, AddScreens, RenewCustomer } from './command.ts';
import { termOf } from './rules/customer.ts';
import { timeOf } from './rules/movement.ts';
import { type SpanUntil, screensChangeAt, spansLeft } from './rules/spans.ts';
import { planLocks } from './statements/lock.ts';
import { type LockRow, readState } from './statements/read-state.ts';

export interface TermQuote {
  readonly cost: number;
  readonly balance: number;
  /** What the customer would have then: the service's end, what is paid until then, and what changes by itself. */
  readonly expiresAtMs: number;
  readonly spans: readonly SpanUntil[];
  readonly screensChangeAtMs: number | null;
}

/** For a customer's term, as of one moment. */
export async function quoteTerm(sql: Sql, command: ActivateCustomer | RenewCustomer | AddScreens): Promise<TermQuote | Refusal> {
  const plan = planLocks([command], 'read');
  const state = await sql.begin('ISOLATION LEVEL REPEATABLE READ READ ONLY', async (tx) => {
    const ask = async (statement: Statement | null): Promise<LockRow | null> => {
      if (statement === null) return null;
      const [row] = await tx.unsafe<LockRow[]>(statement.text, parametersOf(tx, statement), { prepare: true });
      return row ?? null;
    };
    const [accounts, lookUp, customers] = await Promise.all([ask(plan.accounts), ask(plan.lookUp), ask(plan.customers)]);
    if (!accounts || !lookUp) throw new Error('a statement of the ledger answered no row');
    return readState([command], {
      ...plan,
      names: null,
      tenants: null,
      accounts,
      lookUp,
      rare: null,
      customers,
      orders: null,
      branches: null,
    });
  });
  const account = state.account(command.tenantId, command.scopeId);
  if (!account) return new NotFound();
  const atMs = timeOf(state, account);
  const term = termOf(state, command, atMs);
  if (term instanceof Refusal) return term;
  const { cost, customer } = term;
  const spans = spansLeft(customer, atMs);
  return { cost, balance: account.balance, expiresAtMs: customer.expiresAtMs, spans, screensChangeAtMs: screensChangeAt(customer, atMs) };
}
