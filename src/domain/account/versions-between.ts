/** Finds which versions of an account fall into a period. */

import type { Sql } from '../../db/sql.ts';

/** Times in milliseconds since 1970; null: open. */
export interface Period {
  readonly fromMs: number | null;
  /** Exclusive. */
  readonly toMs: number | null;
}

/** Versions above `above` and not above `upTo`; null: open. */
export interface Versions {
  readonly above: number | null;
  readonly upTo: number | null;
}

/**
 * The versions of an account made in a period: times rise with versions, so a period is a range of versions, and the
 * statement of any month is read by the journal's key.
 */
export async function versionsBetween(
  sql: Sql,
  account: { readonly tenantId: string; readonly id: string },
  { fromMs, toMs }: Period,
): Promise<Versions> {
  // Entries are made in whole milliseconds: strictly before a time is up to a millisecond before it.
  const bound = (ms: number | null) =>
    ms === null ? sql`NULL::bigint` : sql`version_at(${account.tenantId}, ${account.id}, to_timestamp(${ms - 1}::bigint / 1000.0))`;
  const [row] = await sql<{ above: number | null; up_to: number | null }[]>`SELECT ${bound(fromMs)} AS above, ${bound(toMs)} AS up_to`;
  return { above: row?.above ?? null, upTo: row?.up_to ?? null };
}
