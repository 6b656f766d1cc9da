/** Computes the cost and result of a command with the functions that would post it, without locking or writing anything. */

import { parametersOf, type Statement } from '../db/arrays/binary.ts';
import type { Sql, Transaction } from '../db/sql.ts';
import type { Topology } from '../db/topology.ts';
import { NotFound, Refusal } from '../kernel/errors.ts';
import type { Command, CreateReseller, Spending } from './command.ts';
import { customerBefore, termOf } from './rules/customer.ts';
import { refuseNewReseller, refuseService } from './rules/limits.ts';
import { timeOf } from './rules/movement.ts';
import { type SpanUntil, screensChangeAt, spansLeft } from './rules/spans.ts';
import { Missing, type State } from './rules/state.ts';
import { planLocks } from './statements/lock.ts';
import { type LockRow, readState } from './statements/read-state.ts';

export interface TermQuote {
  readonly cost: number;
  readonly balance: number;
  /** The customer's service afterwards: its end, the paid spans until then, and when the number of screens changes by itself. */
  readonly expiresAtMs: number;
  readonly spans: readonly SpanUntil[];
  readonly screensChangeAtMs: number | null;
}

/** Quotes a spend on a customer, in one snapshot. Also returns the refusal of a limit on the panel's path (R56). */
export function quoteTerm(sql: Sql, command: Spending, topology: Topology = 'single'): Promise<TermQuote | Refusal> {
  return decideOn(sql, command, topology, (state) => {
    const account = state.account(command.tenantId, command.scopeId);
    const panel = state.panel(command.tenantId, command.scopeId);
    if (!account || !panel) return new NotFound();
    const atMs = timeOf(state, account);
    const term = termOf(state, command, atMs);
    if (term instanceof Refusal) return term;
    const { cost, customer } = term;
    const limit = refuseService(state, panel, customerBefore(state, command), customer, atMs);
    if (limit) return limit;
    const spans = spansLeft(customer, atMs);
    return { cost, balance: account.balance, expiresAtMs: customer.expiresAtMs, spans, screensChangeAtMs: screensChangeAt(customer, atMs) };
  });
}

/** Returns why a limit forbids the panel to create another reseller (R56), or null if it may. */
export function limitOnNewReseller(sql: Sql, command: CreateReseller, topology: Topology = 'single'): Promise<Refusal | null> {
  return decideOn(sql, command, topology, (state) => {
    const panel = state.panel(command.tenantId, command.scopeId);
    return panel ? refuseNewReseller(state, panel) : new NotFound();
  });
}

/** Runs a decision on the state that the command would read. Counts branches only if the decision needs them, in the same snapshot. */
function decideOn<Decision>(sql: Sql, command: Command, topology: Topology, decide: (state: State) => Decision): Promise<Decision> {
  return sql.begin('ISOLATION LEVEL REPEATABLE READ READ ONLY', async (tx) => {
    try {
      return decide(await readFor(tx, command, new Map(), topology));
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      return decide(await readFor(tx, command, new Map(error.ids.map((id) => [id, error.tenantId])), topology));
    }
  }) as Promise<Decision>;
}

async function readFor(tx: Transaction, command: Command, counted: ReadonlyMap<string, string>, topology: Topology): Promise<State> {
  const plan = planLocks([command], 'read', counted, topology);
  const ask = async (statement: Statement | null): Promise<LockRow | null> => {
    if (statement === null) return null;
    const [row] = await tx.unsafe<LockRow[]>(statement.text, parametersOf(tx, statement), { prepare: true });
    return row ?? null;
  };
  const [accounts, lookUp, customers, branches] = await Promise.all([
    ask(plan.accounts),
    ask(plan.lookUp),
    ask(plan.customers),
    ask(plan.branches),
  ]);
  if (!accounts || !lookUp) throw new Error('a statement of the ledger returned no row');
  return readState([command], {
    ...plan,
    platformRows: null,
    names: null,
    tenants: null,
    accounts,
    lookUp,
    rare: null,
    labels: null,
    customers,
    orders: null,
    branches,
  });
}
