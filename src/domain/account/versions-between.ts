/** Finds the versions of an account that fall into a period. */

import type { Sql } from '../../db/sql.ts';

/** Times in milliseconds since 1970. null means unbounded. */
export interface Period {
  readonly fromMs: number | null;
  /** Exclusive. */
  readonly toMs: number | null;
}

/** Versions above `above`, and not above `upTo`. null means unbounded. */
export interface Versions {
  readonly above: number | null;
  readonly upTo: number | null;
}

/**
 * Returns the versions that an account reached in a period. Times rise with versions, so a period is a range of versions, and the
 * statement of any month is read by the journal's key.
 */
export async function versionsBetween(
  sql: Sql,
  account: { readonly tenantId: string; readonly id: string },
  { fromMs, toMs }: Period,
): Promise<Versions> {
  // Entries have whole milliseconds, so "before a time" means "up to one millisecond before it".
  const bound = (ms: number | null) =>
    ms === null ? sql`NULL::bigint` : sql`version_at(${account.tenantId}, ${account.id}, to_timestamp(${ms - 1}::bigint / 1000.0))`;
  const [row] = await sql<{ above: number | null; up_to: number | null }[]>`SELECT ${bound(fromMs)} AS above, ${bound(toMs)} AS up_to`;
  return { above: row?.above ?? null, upTo: row?.up_to ?? null };
}
