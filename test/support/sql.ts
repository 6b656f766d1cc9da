// The database clients of tests: they wait as long as it takes, because they prepare or check and are not the product.
import { NO_TIMEOUTS } from '../../src/db/migrate.ts';
import type { DatabaseRole } from '../../src/db/session-settings.ts';
import { openSql, type Sql } from '../../src/db/sql.ts';
import { PATIENCE_MS } from './until.ts';

export interface TestSqlOptions {
  /** Shown in pg_stat_activity. */
  readonly name?: string;
  /** The most connections. 1 if absent. */
  readonly max?: number;
  /** The database's owner if absent. */
  readonly role?: DatabaseRole;
  readonly parameters?: Readonly<Record<string, string>>;
}

export function openTestSql(url: string, { name = 'test', max = 1, role, parameters }: TestSqlOptions = {}): Sql {
  return openSql(url, {
    ...{ name, max, role: role ?? null, parameters: { ...NO_TIMEOUTS, ...parameters } },
    connectTimeoutSeconds: PATIENCE_MS / 1_000,
  });
}
