/** A database session for one batch at a time. It tells "nothing was written" from "the outcome is unknown". */

import { parametersOf, type Statement } from '../../db/arrays/binary.ts';
import { LOCK_TIMEOUT_MS } from '../../db/session-settings.ts';
import { openSql, type Sql } from '../../db/sql.ts';
import type { Topology } from '../../db/topology.ts';
import type { LockPlan } from '../statements/lock.ts';
import type { LockAnswers, LockRow } from '../statements/read-state.ts';
import type { TransactionIdentity } from '../statements/write-text.ts';

/** Longer than any time-out of Postgres itself. After this time the connection is dropped and the outcome is unknown. */
const CLIENT_DEADLINE_MS = 15_000;

/**
 * Posting's plans are cached for the life of a connection. On a fresh database the planner would choose sequential scans and
 * keep them while the tables grow. Every look-up of posting has an index.
 */
const POSTING_PARAMETERS = {
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  plan_cache_mode: 'force_generic_plan',
};

/**
 * A distributed database plans each statement for its tenant, which a generic plan does not know. These settings reach the coordinator
 * alone: workers get theirs from the role. A worker that does not answer times out early, so that it does not delay the others.
 */
const DISTRIBUTED_PARAMETERS = { jit: 'off', 'citus.node_connection_timeout': '3000' };

/** Names the isolation level, whatever the database's default is: reads after the locks must see what the locks waited for (ADR-0004). */
const BEGIN = 'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE';

const NO_ACTIVE_TRANSACTION = '25P01';

export interface Locked {
  readonly by: TransactionIdentity;
  readonly answers: LockAnswers;
}

/** The answer to the write was lost, so it may or may not be committed. */
export class UnknownOutcome extends Error {
  constructor(cause: unknown) {
    super('the outcome of a commit is unknown', { cause });
  }
}

/**
 * One Postgres session, used by one batch at a time. It is a client with a single connection: statements that are sent without
 * waiting are pipelined. `write` names the transaction that `lock` opened, so that a connection that was replaced in between
 * cannot run the write in autocommit (ADR-0003).
 */
export class PostingConnection {
  readonly #url: string;
  readonly #name: string;
  readonly #lockTimeoutMs: number;
  readonly #deadlineMs: number;
  readonly #topology: Topology;
  #sql: Sql;
  /** Whether COMMIT reached a session without a transaction: Postgres then warns, but still answers COMMIT. */
  #committedNothing = false;

  /** `lockTimeoutMs`: how long a batch waits for rows that other sessions have locked; 0 for no limit. */
  constructor(url: string, name: string, lockTimeoutMs = LOCK_TIMEOUT_MS, deadlineMs = CLIENT_DEADLINE_MS, topology: Topology = 'single') {
    this.#url = url;
    this.#name = name;
    this.#lockTimeoutMs = lockTimeoutMs;
    this.#deadlineMs = deadlineMs;
    this.#topology = topology;
    this.#sql = this.#open();
  }

  /** Sends BEGIN, locks and look-ups in one round trip. Rolls back and rejects on an error: nothing was written then. */
  async lock(plan: LockPlan): Promise<Locked> {
    const sql = this.#sql;
    const platformRows = plan.platformRows ? this.#send(sql, plan.platformRows) : null;
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
      await this.#within(firstFailure([platformRows, begin, names, tenants, accounts, lookUp, rare, labels, customers, orders, branches]));
    } catch (error) {
      await this.#rollback();
      throw error;
    }
    const rareRow = rare && only(await rare);
    const answers = {
      platformRows: platformRows && only(await platformRows),
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
   * Sends the write and COMMIT in one round trip. Rejects with the database's error when nothing was written, and with
   * UnknownOutcome when that is not certain.
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
      // When COMMIT ends a failed transaction, its command tag is ROLLBACK and there is no error.
      if (written.status === 'rejected' && isFromServer(written.reason)) throw written.reason;
      throw new UnknownOutcome(written.status === 'rejected' ? written.reason : new Error(`COMMIT answered ${committed.value.command}`));
    }
    throw new UnknownOutcome(committed.reason);
  }

  /** Rolls back a transaction that has nothing to write. */
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

  /** Leaves no open transaction for the next batch, whatever state the session is in. A lost connection has rolled back already. */
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

  /** Drops the session with its open transaction, and opens a new one. */
  #replace(): void {
    const old = this.#sql;
    this.#sql = this.#open();
    old.end({ timeout: 0 }).catch(() => {});
  }
}

/** Waits for all queries, so that no rejection is unhandled. Rejects with the first error, because it caused the later ones. */
async function firstFailure(queries: readonly (PromiseLike<unknown> | null)[]): Promise<void> {
  const settled = await Promise.allSettled(queries);
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
}

function only(rows: readonly LockRow[]): LockRow {
  const row = rows[0];
  if (!row) throw new Error('a statement of the ledger returned no row');
  return row;
}

/** Whether Postgres sent this error and kept the session open. */
function isFromServer(error: unknown): boolean {
  return error instanceof Error && error.name === 'PostgresError' && 'severity' in error && error.severity === 'ERROR';
}
