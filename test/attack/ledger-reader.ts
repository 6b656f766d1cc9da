/** Reads the ledger past the application, to show that an attack changed nothing. */

import type { Sql } from '../../src/db/sql.ts';
import type { Client } from '../support/clients/api.ts';
import { openTestSql } from '../support/sql.ts';

/** Reads what an attack must not change, past the application, as the database's owner. */
export class LedgerReader implements AsyncDisposable {
  readonly sql: Sql;

  /** `sql` connects as the database's owner. */
  constructor(sql: Sql) {
    this.sql = sql;
  }

  static open(databaseUrl: string): LedgerReader {
    return new LedgerReader(openTestSql(databaseUrl, { max: 2 }));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.sql.end();
  }

  /** Stays equal as long as no row of these tables changes. */
  async fingerprint(tables: readonly string[] = MONEY_TABLES): Promise<string> {
    const sums = tables.map(
      (table) => `SELECT '${table}' AS name, count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) AS sum FROM ${table} t`,
    );
    const rows = await this.sql.unsafe(`${sums.join(' UNION ALL ')} ORDER BY name`);
    return JSON.stringify(rows);
  }

  /** R6, by independent sums: issued credits are held, consumed or withdrawn, and every balance is the sum of its entries. */
  async sums(): Promise<{ readonly missing: number; readonly wrongBalances: number; readonly negative: number }> {
    const [row] = await this.sql<{ missing: number; wrongBalances: number; negative: number }[]>`
      SELECT (sum(issued) - sum(balance) - sum(consumed) - sum(withdrawn))::bigint AS missing,
        count(*) FILTER (WHERE balance < 0 OR debt < 0 OR withdrawn < 0) AS negative,
        count(*) FILTER (WHERE balance IS DISTINCT FROM (
          SELECT coalesce(sum(delta), 0) FROM entry WHERE entry.tenant_id = account.tenant_id AND entry.account_id = account.id
        )) AS "wrongBalances"
      FROM account`;
    return row ?? Promise.reject(new Error('there is no account'));
  }
}

/** Tables of credits, and of what they were spent on. */
const MONEY_TABLES = ['account', 'transfer', 'entry', 'customer', 'trial', 'purchase', 'credit_package', 'reseller', 'tenant'] as const;

export const SOUND = { missing: 0, wrongBalances: 0, negative: 0 };

interface Health {
  readonly ok: boolean;
  readonly problems: readonly string[];
}

/** The server's own report about its journal. */
export async function healthOf(client: Client, token: string): Promise<Health> {
  return (await client.query(token, '{ ledgerHealth { ok problems } }')).ledgerHealth;
}

export const HEALTHY: Health = { ok: true, problems: [] };
