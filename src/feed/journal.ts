/** The feed's reads of the journal, each one query by key. */

import { NIL_UUID } from '../kernel/nil-uuid.ts';
import type { AccessEvent, BalanceEvent, EndpointEvent, ImportEvent, PaymentEvent, PurchaseEvent } from './feed.ts';
import type { AccountKey, ChangedVersion } from './hints/message.ts';
import { arrayOf, columnsOf, type EntryRow, entryEvent, type PresentRow, presentEvent } from './journal-rows.ts';
import type { QueryClient } from './query-client.ts';

export interface Position extends AccountKey {
  /** The changes above this version are read. */
  readonly above: number;
}

/** An event, with its panel's path in the tree. */
export interface LocatedEvent {
  readonly path: string;
  readonly event: BalanceEvent;
}

export interface BranchRange {
  readonly tenantId: string;
  readonly fromPath: string;
  readonly endPath: string;
}

export interface AccessRange {
  readonly tenantId: string;
  /** Null: all panels, without the reports of services. */
  readonly resellerId: string | null;
  readonly above: number;
}

/** A changed row, with the last transaction that changed it, on the node that stores the row. */
export interface ChangedRow<Event> {
  readonly node: string;
  readonly xact: number;
  readonly event: Event;
}

export interface ChangedPage<Event> {
  /** By node: every transaction below this one was over. */
  readonly settledBelow: ReadonlyMap<string, number>;
  readonly rows: readonly ChangedRow<Event>[];
  /** Reads the next page; null after the last. */
  readonly next: (() => Promise<ChangedPage<Event>>) | null;
}

/** The one node of a database that is not distributed. */
const THE_NODE = '';

/** The feed's reads, each one query by key. They read the primary, which has every published change. */
export interface Journal {
  /** The present state of each account that exists. */
  presents(accounts: readonly AccountKey[]): Promise<BalanceEvent[]>;
  /** At most `length` changes of each account, in version order. */
  above(positions: readonly Position[], length: number): Promise<BalanceEvent[]>;
  /** The last change of each account that has one. */
  newest(accounts: readonly AccountKey[]): Promise<LocatedEvent[]>;
  /** The last change of each panel of a range of paths that changed at or after `sinceMs`, by path. */
  changedSince(range: BranchRange, sinceMs: number, length: number): Promise<LocatedEvent[]>;
  versions(accounts: readonly AccountKey[]): Promise<ChangedVersion[]>;
  /**
   * At most `length` purchases that were last changed by a transaction at or above `from`, ordered by node, transaction and id. Every
   * transaction below `settledBelow` was over before the query began.
   */
  changedPurchases(from: ReadonlyMap<string, number>, length: number): Promise<ChangedPage<PurchaseEvent>>;
  /** Like `changedPurchases`, for customers' payments. */
  changedPayments(from: ReadonlyMap<string, number>, length: number): Promise<ChangedPage<PaymentEvent>>;
  /** Like `changedPurchases`, for webhook endpoints. */
  changedEndpoints(from: ReadonlyMap<string, number>, length: number): Promise<ChangedPage<EndpointEvent>>;
  /** At most `length` imports that are in progress or changed in the last ten minutes, the latest first. */
  changedImports(length: number): Promise<ImportEvent[]>;
  /** At most `length` events of each tenant's access feed above a version, in version order. */
  accessAbove(positions: readonly { readonly tenantId: string; readonly above: number }[], length: number): Promise<AccessEvent[]>;
  /** At most `length` events of a tenant, or of one of its panels, in version order, and the tenant's last version from the same snapshot. */
  accessPage(of: AccessRange, length: number): Promise<{ readonly present: number; readonly events: AccessEvent[] }>;
  /** The database's clock. */
  clockMs(): Promise<number>;
  close(): Promise<void>;
}

/** If nothing changed, there is one row with nulls. */
type PurchaseRow = { settledBelow: number } & ((PurchaseEvent & { xact: number }) | { xact: null });
/** The same for customers' payments and endpoints. */
type OfPanelRow = { settledBelow: number } & ((PaymentEvent & EndpointEvent & { xact: number }) | { xact: null });

export function createJournal({ query, close, sql }: QueryClient): Journal {
  async function changedOfPanels(
    table: 'customer_payment' | 'webhook_endpoint',
    { id, xact }: PagePosition,
    length: number,
  ): Promise<ChangedPage<PaymentEvent & EndpointEvent>> {
    const rows = await query(
      (sql) => sql<OfPanelRow[]>`
      SELECT settled.below AS "settledBelow", p.*
      FROM (SELECT pg_snapshot_xmin(now)::text::bigint AS below, pg_snapshot_xmax(now)::text::bigint AS end FROM pg_current_snapshot() AS now) AS settled
      LEFT JOIN LATERAL (
        SELECT p.changed_xact AS xact, p.tenant_id AS "tenantId", p.id, p.reseller_id AS "resellerId"
        FROM ${sql(table)} p
        WHERE (p.changed_xact, p.id) > (${xact}, ${id}::uuid) AND p.changed_xact < settled.end
        ORDER BY p.changed_xact, p.id LIMIT ${length}
      ) AS p ON true`,
    );
    return pageOf(
      rows,
      length,
      ({ settledBelow: _below, xact: _xact, ...event }) => event,
      (place) => changedOfPanels(table, place, length),
    );
  }

  async function changedPurchases({ id, xact }: PagePosition, length: number): Promise<ChangedPage<PurchaseEvent>> {
    const rows = await query(
      (sql) => sql<PurchaseRow[]>`
      SELECT settled.below AS "settledBelow", p.*
      FROM (SELECT pg_snapshot_xmin(now)::text::bigint AS below, pg_snapshot_xmax(now)::text::bigint AS end FROM pg_current_snapshot() AS now) AS settled
      LEFT JOIN LATERAL (
        SELECT p.changed_xact AS xact, p.tenant_id AS "tenantId", p.id, p.buyer_id AS "buyerId", p.seller_id AS "sellerId",
          p.seller_id IS NOT NULL AND (p.status = 'PAID_UNFUNDED' OR s.closed_at IS NOT NULL) AS "mayBeStranded"
        FROM purchase p LEFT JOIN reseller s ON s.tenant_id = p.tenant_id AND s.id = p.seller_id
        -- A row that was restored from another cluster's dump may have a future transaction.
        WHERE (p.changed_xact, p.id) > (${xact}, ${id}::uuid) AND p.changed_xact < settled.end
        ORDER BY p.changed_xact, p.id LIMIT ${length}
      ) AS p ON true`,
    );
    return pageOf(
      rows,
      length,
      ({ settledBelow: _below, xact: _xact, ...event }): PurchaseEvent => event,
      (place) => changedPurchases(place, length),
    );
  }

  const { access: accessColumns, accessLogin, account: accountColumns, entry: entryColumns, lastChange } = columnsOf(sql);
  const wanted = (accounts: readonly AccountKey[]) =>
    sql`unnest(${arrayOf(accounts, (a) => a.tenantId)}::uuid[], ${arrayOf(accounts, (a) => a.id)}::uuid[])`;

  return {
    async presents(accounts) {
      const rows = await query(
        (sql) => sql<PresentRow[]>`
        SELECT ${accountColumns}, a.balance, a.version, a.locked_since AS "lockedSince", a.changed_at AS "changedAt"
        FROM ${wanted(accounts)} AS w (tenant_id, id) JOIN account a ON a.tenant_id = w.tenant_id AND a.id = w.id`,
      );
      return rows.map(presentEvent);
    },

    async above(positions, length) {
      const rows = await query(
        (sql) => sql<EntryRow[]>`
        SELECT ${entryColumns}
        FROM unnest(${arrayOf(positions, (p) => p.tenantId)}::uuid[], ${arrayOf(positions, (p) => p.id)}::uuid[],
                    ${arrayOf(positions, (p) => p.above)}::bigint[]) AS w (tenant_id, id, above)
        CROSS JOIN LATERAL (
          SELECT * FROM entry WHERE entry.tenant_id = w.tenant_id AND entry.account_id = w.id AND entry.version > w.above
          ORDER BY entry.version LIMIT ${length}
        ) e
        JOIN transfer t ON t.tenant_id = e.tenant_id AND t.id = e.transfer_id
        JOIN account a ON a.tenant_id = w.tenant_id AND a.id = w.id
        ORDER BY w.id, w.tenant_id, e.version`,
      );
      return rows.map(entryEvent);
    },

    async newest(accounts) {
      const rows = await query(
        (sql) => sql<(EntryRow & { path: string })[]>`
        SELECT ${entryColumns}, r.path
        FROM ${wanted(accounts)} AS w (tenant_id, id) JOIN account a ON a.tenant_id = w.tenant_id AND a.id = w.id ${lastChange}`,
      );
      return rows.map((row) => ({ path: row.path, event: entryEvent(row) }));
    },

    async changedSince({ tenantId, fromPath, endPath }, sinceMs, length) {
      const rows = await query(
        (sql) => sql<(EntryRow & { path: string })[]>`
        SELECT ${entryColumns}, r.path
        FROM account a ${lastChange}
        WHERE r.tenant_id = ${tenantId} AND r.path >= ${fromPath} AND r.path < ${endPath}
          AND a.changed_at >= 'epoch'::timestamptz + ${sinceMs}::bigint * interval '1 millisecond'
        ORDER BY r.path LIMIT ${length}`,
      );
      return rows.map((row) => ({ path: row.path, event: entryEvent(row) }));
    },

    async versions(accounts) {
      return query(
        (sql) => sql<ChangedVersion[]>`
        SELECT a.tenant_id AS "tenantId", a.id, a.version
        FROM ${wanted(accounts)} AS w (tenant_id, id) JOIN account a ON a.tenant_id = w.tenant_id AND a.id = w.id`,
      );
    },

    changedPurchases: (from, length) => changedPurchases(startOf(from), length),
    changedPayments: (from, length) => changedOfPanels('customer_payment', startOf(from), length),
    changedEndpoints: (from, length) => changedOfPanels('webhook_endpoint', startOf(from), length),

    async accessAbove(positions, length) {
      return query(
        (sql) => sql<AccessEvent[]>`
        SELECT ${accessColumns}
        FROM unnest(${arrayOf(positions, (p) => p.tenantId)}::uuid[], ${arrayOf(positions, (p) => p.above)}::bigint[]) AS w (tenant_id, above)
        CROSS JOIN LATERAL (
          SELECT * FROM access_event WHERE access_event.tenant_id = w.tenant_id AND access_event.version > w.above
          ORDER BY access_event.version LIMIT ${length}
        ) e ${accessLogin}
        ORDER BY e.tenant_id, e.version`,
      );
    },

    async accessPage({ above, resellerId, tenantId }, length) {
      const ofPanel =
        resellerId === null ? sql`AND e.event NOT IN ('SERVICE_READY', 'SERVICE_FAILED')` : sql`AND e.reseller_id = ${resellerId}`;
      const rows = await query(
        (sql) => sql<({ present: number } & (AccessEvent | { version: null }))[]>`
        SELECT present.version AS present, e.*
        FROM (SELECT coalesce(max(version), 0) AS version FROM access_event WHERE tenant_id = ${tenantId}) AS present
        LEFT JOIN LATERAL (
          SELECT ${accessColumns} FROM access_event e ${accessLogin} WHERE e.tenant_id = ${tenantId} ${ofPanel} AND e.version > ${above}
          ORDER BY e.version LIMIT ${length}
        ) AS e ON true`,
      );
      const events = rows.flatMap(({ present: _, ...row }) => (row.version === null ? [] : [row]));
      return { present: rows[0]?.present ?? 0, events };
    },

    changedImports: (length) =>
      query(
        (sql) => sql<ImportEvent[]>`
          SELECT tenant_id AS "tenantId", id, revision FROM import
          WHERE status <> 'UPLOADING' AND (status IN ('READING', 'COMMITTING') OR changed_at > clock_timestamp() - interval '10 minutes')
          ORDER BY changed_at DESC LIMIT ${length}`,
      ),

    async clockMs() {
      const [row] = await query((sql) => sql<{ now: Date }[]>`SELECT clock_timestamp() AS now`);
      if (!row) throw new Error('the database did not return the time');
      return row.now.getTime();
    },

    close,
  };
}

/** The position after which a page begins. */
interface PagePosition {
  readonly xact: number;
  readonly id: string;
}

function startOf(from: ReadonlyMap<string, number>): PagePosition {
  return { xact: from.get(THE_NODE) ?? 0, id: NIL_UUID };
}

/** `eventOf` removes the columns that belong to the page. */
function pageOf<Row extends { readonly settledBelow: number; readonly xact: number | null }, Event extends { readonly id: string }>(
  rows: readonly Row[],
  length: number,
  eventOf: (row: Changed<Row>) => Event,
  next: (place: PagePosition) => Promise<ChangedPage<Event>>,
): ChangedPage<Event> {
  const changed = rows.filter(isChanged).map((row) => ({ node: THE_NODE, xact: row.xact, event: eventOf(row) }));
  const last = changed.at(-1);
  return {
    settledBelow: new Map([[THE_NODE, rows[0]?.settledBelow ?? 0]]),
    rows: changed,
    next: last !== undefined && changed.length === length ? () => next({ xact: last.xact, id: last.event.id }) : null,
  };
}

type Changed<Row> = Extract<Row, { readonly xact: number }>;

function isChanged<Row extends { readonly xact: number | null }>(row: Row): row is Changed<Row> {
  return row.xact !== null;
}
