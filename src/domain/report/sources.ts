/** Finds the accounts and versions that a report must read. */

import { plainArray } from '../../db/arrays/literal.ts';
import type { Sql } from '../../db/sql.ts';
import { branchEnd } from '../../kernel/actor.ts';
import type { Intervals } from './intervals.ts';

/** The subject of a report: one panel, or a branch, which is the panel and everything below it now. */
export interface ReportOf {
  readonly tenantId: string;
  readonly id: string;
  /** null if the report is of the one panel only. */
  readonly branchPath: string | null;
}

/** A request for one part of a report: `within` some intervals, or the next days. */
export interface PartRequest<Within> extends ReportOf {
  readonly within: Within;
}

/** The input of one SQL statement: several panels of a tenant, each separately, or one branch, whose rows count for its top panel. */
export interface Sources<Within> {
  readonly tenantId: string;
  readonly ids: readonly string[];
  readonly branchPath: string | null;
  readonly within: Within;
}

/**
 * Reads one part of many reports. One statement serves all panels of a tenant with the same `within`, and each branch has its own.
 * `read` returns values by panel id, and may leave out a panel without activity.
 */
export async function readTogether<Within, Value>(
  asked: readonly PartRequest<Within>[],
  read: (sources: Sources<Within>) => Promise<ReadonlyMap<string, Value>>,
  nothing: (within: Within) => Value,
): Promise<Value[]> {
  const groups: { readonly one: PartRequest<Within>; readonly ids: Set<string> }[] = [];
  const groupOf = asked.map((one) => {
    const known = groups.find(
      ({ one: { branchPath, tenantId, within } }) => branchPath === one.branchPath && tenantId === one.tenantId && within === one.within,
    );
    const group = known ?? { one, ids: new Set<string>() };
    if (known === undefined) groups.push(group);
    group.ids.add(one.id);
    return group;
  });
  const reading = groups.map(async (group) => {
    const { branchPath, tenantId, within } = group.one;
    return [group, await read({ tenantId, ids: [...group.ids], branchPath, within })] as const;
  });
  const answers = new Map(await Promise.all(reading));
  return asked.map((one, index) => {
    const group = groupOf[index];
    return (group && answers.get(group)?.get(one.id)) ?? nothing(one.within);
  });
}

/** An account with at most this many entries is read from its first entry: that is cheaper than finding the beginning of the period. */
const SHORT_JOURNAL_ENTRIES = 512;

/**
 * The ids of a report's panels as an array. With ANY, Postgres searches an index with one sorted list. A join would look up the ids
 * one after another or, with wrong statistics, read the whole table.
 */
export function panelsOf(sql: Sql, { branchPath, ids, tenantId }: Sources<unknown>) {
  if (branchPath === null) return sql`${plainArray(ids)}::uuid[]`;
  return sql`ARRAY(
    SELECT reseller.id FROM reseller
    WHERE reseller.tenant_id = ${tenantId} AND reseller.path >= ${branchPath} AND reseller.path < ${branchEnd(branchPath)}
  )`;
}

/** The panel that a row counts for: its own panel, in the column `own`, or the top panel of the branch. */
export function countsFor(sql: Sql, { branchPath, ids: [first = ''] }: Sources<unknown>, own: 'account.id' | 'customer.reseller_id') {
  return branchPath === null ? sql.unsafe(own) : sql`${first}::uuid`;
}

/** The CTE `period`: the bounds of the intervals as one row. */
export function periodOf(sql: Sql, { within: { endMs, startsMs } }: Sources<Intervals>) {
  return sql`
    period AS MATERIALIZED (
      SELECT array_agg(to_timestamp(ms / 1000.0) ORDER BY ms) AS starts, min(to_timestamp(ms / 1000.0)) AS begins,
        to_timestamp(${endMs}::bigint / 1000.0) AS ends
      FROM unnest(${plainArray(startsMs)}::bigint[]) AS bound (ms)
    )`;
}

/**
 * The CTEs `period` and `span`. `span` has a row for each account that changed since the period began: the versions to read, and the
 * panel for which they count. Times rise with versions, so a binary search in the key finds a month of a long journal.
 */
export function spans(sql: Sql, of: Sources<Intervals>) {
  return sql`
    ${periodOf(sql, of)},
    span AS MATERIALIZED (
      SELECT account.tenant_id, account.id, ${countsFor(sql, of, 'account.id')} AS panel,
        CASE WHEN account.version <= ${SHORT_JOURNAL_ENTRIES} THEN 0
          ELSE version_at(account.tenant_id, account.id, period.begins - interval '1 millisecond') END AS above,
        CASE WHEN account.version <= ${SHORT_JOURNAL_ENTRIES} THEN account.version
          ELSE version_at(account.tenant_id, account.id, period.ends - interval '1 millisecond') END AS up_to
      FROM period, account
      WHERE account.tenant_id = ${of.tenantId} AND account.id = ANY (${panelsOf(sql, of)}) AND account.changed_at >= period.begins
    )`;
}

/**
 * The entries of the spans that were made in the period, each with the number of its interval, from 1. OFFSET 0 makes Postgres read
 * each span by the journal's key. Without it the planner may read the whole journal for a branch (observed).
 */
export function entriesOf(sql: Sql, { tenantId }: Sources<Intervals>) {
  return sql`
    SELECT span.panel, made.*, width_bucket(made.created_at, period.starts) AS interval
    FROM period, span CROSS JOIN LATERAL (
      SELECT entry.tenant_id, entry.account_id, entry.kind, entry.delta, entry.transfer_id, entry.created_at
      FROM entry
      WHERE entry.tenant_id = ${tenantId} AND entry.account_id = span.id AND entry.version > span.above AND entry.version <= span.up_to
      OFFSET 0
    ) AS made
    WHERE made.created_at >= period.begins AND made.created_at < period.ends`;
}
