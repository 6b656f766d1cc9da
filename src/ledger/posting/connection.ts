/** A database session reserved for one batch at a time, which tells "not written" from "unknown". */

import { parametersOf, type Statement } from '../../db/arrays/binary.ts';
import { LOCK_TIMEOUT_MS } from '../../db/session-settings.ts';
import { openSql, type Sql } from '../../db/sql.ts';
import type { Topology } from '../../db/topology.ts';
import type { LockPlan } from '../statements/lock.ts';
import type { LockAnswers, LockRow } from '../statements/read-state.ts';
import type { TransactionIdentity } from '../statements/write-text.ts';

/** Longer than any time-out Postgres itself keeps: past it the connection is given up and its outcome unknown. */
const CLIENT_DEADLINE_MS = 15_000;

/**
 * Plans of posting are cached for the life of a connection, and on a fresh database the planner would cache scans of
 * tables that then grow; every look-up of ours has an index.
 */
const POSTING_PARAMETERS = {
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  plan_cache_mode: 'force_generic_plan',
  jit: 'off',
};

/**
 * A distributed database plans each statement for the tenant that it is given, which a generic plan does not know. These reach the
 * coordinator alone: workers have their settings from the role. A worker that does not answer is given up early, for the sake of the others.
 */
const DISTRIBUTED_PARAMETERS = { jit: 'off', 'citus.node_connection_timeout': '3000' };

/** By name, whatever the database's default is: what is read after the locks must see what they waited for. */
const BEGIN = 'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE';

const NO_ACTIVE_TRANSACTION = '25P01';

export interface Locked {
  readonly by: TransactionIdentity;
  readonly answers: LockAnswers;
}

/** The write did not answer: whether it was committed is not known. */
export class UnknownOutcome extends Error {
  constructor(cause: unknown) {
    super('the outcome of a commit is unknown', { cause });
  }
}

/**
 * One session with Postgres that one batch at a time has for itself. It is a client of its own with one connection:
 * statements sent without waiting are pipelined, and `write` names the transaction that `lock` opened, so that a
 * connection that was replaced in between cannot run it in autocommit.
 */
export class PostingConnection {
  readonly #url: string;
  readonly #name: string;
  readonly #lockTimeoutMs: number;
  readonly #deadlineMs: number;
  readonly #topology: Topology;
  #sql: Sql;
  /** A COMMIT that reached a session without a transaction answers COMMIT all the same, after a warning. */
  #committedNothing = false;

  /** `lockTimeoutMs`: how long a batch waits for rows that others hold; 0: without end. */
  constructor(url: string, name: string, lockTimeoutMs = LOCK_TIMEOUT_MS, deadlineMs = CLIENT_DEADLINE_MS, topology: Topology = 'single') {
    this.#url = url;
    this.#name = name;
    this.#lockTimeoutMs = lockTimeoutMs;
    this.#deadlineMs = deadlineMs;
    this.#topology = topology;
    this.#sql = this.#open();
  }

  /** BEGIN, locks and look-ups in one round trip. A failure rolls back, and says nothing was written. */
  async lock(plan: LockPlan): Promise<Locked> {
    const sql = this.#sql;
    const beside = plan.beside ? this.#send(sql, plan.beside) : null;
    const begin = sql.unsafe(BEGIN).execute();
    const names = plan.names ? this.#send(sql, plan.names) : null;
    const tenants = plan.tenants ? this.#send(sql, plan.tenants) : null;
    const accounts = this.#send(sql, plan.accounts);
    const lookUp = this.#send(sql, plan.lookUp);
    const rare = plan.rare ? this.#send(sql, plan.rare) : null;
    const labels = plan.labels ? this.#send(sql, plan.labels) : null;
    const customers = plan.customers ? this.#send(sql, plan.customers) : null;
    const orders = plan.orders ? this.#send(sql, plan.orders) : null;
    const branches = plan.branches ? this.#send(sql, plan.branches) : null;
    try {
      await this.#within(firstFailure([beside, begin, names, tenants, accounts, lookUp, rare, labels, customers, orders, branches]));
    } catch (error) {
      await this.#rollback();
      throw error;
    }
    const rareRow = rare && only(await rare);
    const answers = {
      beside: beside && only(await beside),
      names: names && only(await names),
      tenants: tenants && only(await tenants),
      accounts: only(await accounts),
      lookUp: only(await lookUp),
      rare: rareRow,
      labels: labels ? only(await labels) : rareRow,
      customers: customers && only(await customers),
      orders: orders && only(await orders),
      branches: branches && only(await branches),
      tenantIds: plan.tenantIds,
      actorTenantIds: plan.actorTenantIds,
    };
    return { by: { pid: Number(answers.accounts.pid), xid: String(answers.accounts.xid) }, answers };
  }

  /**
   * The write and COMMIT in one round trip. Rejects with the database's error when nothing was written, with
   * UnknownOutcome when that cannot be told.
   */
  async write(statement: Statement): Promise<void> {
    const sql = this.#sql;
    this.#committedNothing = false;
    const write = this.#send(sql, statement);
    const commit = sql.unsafe('COMMIT').execute();
    const [written, committed] = await this.#within(Promise.allSettled([write, commit])).catch((error: unknown) => {
      throw new UnknownOutcome(error);
    });
    if (committed.status === 'fulfilled') {
      if (committed.value.command === 'COMMIT' && written.status === 'fulfilled' && !this.#committedNothing) return;
      // The tag of a COMMIT that ended a failed transaction is ROLLBACK, without an error.
      if (written.status === 'rejected' && isFromServer(written.reason)) throw written.reason;
      throw new UnknownOutcome(written.status === 'rejected' ? written.reason : new Error(`COMMIT answered ${committed.value.command}`));
    }
    throw new UnknownOutcome(committed.reason);
  }

  /** Ends a transaction in which nothing is to be written. */
  async end(): Promise<void> {
    await this.#rollback();
  }

  async close(): Promise<void> {
    await this.#sql.end({ timeout: 5 });
  }

  #open(): Sql {
    return openSql(this.#url, {
      name: this.#name,
      max: 1,
      role: 'revenda_app',
      parameters: {
        ...(this.#topology === 'single' ? POSTING_PARAMETERS : DISTRIBUTED_PARAMETERS),
        lock_timeout: String(this.#lockTimeoutMs),
      },
      onNotice: (notice) => {
        if (notice.code === NO_ACTIVE_TRANSACTION) this.#committedNothing = true;
      },
    });
  }

  #send(sql: Sql, statement: Statement) {
    return sql.unsafe<LockRow[]>(statement.text, parametersOf(sql, statement), { prepare: true }).execute();
  }

  /** Whatever state the session is in, the next batch finds none. A lost connection has rolled back already. */
  async #rollback(): Promise<void> {
    await this.#within(this.#sql.unsafe('ROLLBACK')).catch(() => this.#replace());
  }

  async #within<T>(work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`Postgres did not answer within ${this.#deadlineMs} ms`));
        this.#replace();
      }, this.#deadlineMs);
    });
    try {
      return await Promise.race([work, deadline]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Drops the session, and with it whatever it had open, for a new one. */
  #replace(): void {
    const old = this.#sql;
    this.#sql = this.#open();
    old.end({ timeout: 0 }).catch(() => {});
  }
}

/** Waits for all, so that no rejection is left unobserved, and rejects with the first error: the later ones only follow from it. */
async function firstFailure(queries: readonly (PromiseLike<unknown> | null)[]): Promise<void> {
  const settled = await Promise.allSettled(queries);
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
}

function only(rows: readonly LockRow[]): LockRow {
  const row = rows[0];
  if (!row) throw new Error('a statement of the ledger answered no row');
  return row;
}

/** An error with a five-character SQLSTATE that Postgres sent while the session lived on. */
function isFromServer(error: unknown): boolean {
  return error instanceof Error && error.name === 'PostgresError' && 'severity' in error && error.severity === 'ERROR';
}
