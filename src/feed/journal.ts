/** The feed's reads of the journal, each one query by key. */

import type { Sql } from '../db/sql.ts';
import { NoAnswer, within } from '../db/within.ts';
import type { TransferKind } from '../kernel/journal.ts';
import type { AccessEvent, BalanceEvent, EndpointEvent, ImportEvent, PaymentEvent, PurchaseEvent } from './feed.ts';
import type { AccountKey, ChangedVersion } from './hints/message.ts';

export interface Position extends AccountKey {
  /** Everything above this version is wanted. */
  readonly above: number;
}

/** An event, and where its panel stands in the tree. */
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
  /** null: of whatever panel, without what services said. */
  readonly resellerId: string | null;
  readonly above: number;
}

/** A row that changed, and the transaction that changed it last. */
export interface ChangedRow<Event> {
  readonly xact: number;
  readonly event: Event;
}

/** After what a page begins. */
export interface ChangedPlace {
  readonly xact: number;
  readonly id: string;
}

export interface ChangedPage<Event> {
  /** Every transaction below it was over. */
  readonly settledBelow: number;
  readonly rows: readonly ChangedRow<Event>[];
}

/** The feed's reads, each one query by key, on the primary: what was published must be there. */
export interface Journal {
  /** The present state of each of the accounts that there are. */
  presents(accounts: readonly AccountKey[]): Promise<BalanceEvent[]>;
  /** At most `length` changes of each account, in version order. */
  above(positions: readonly Position[], length: number): Promise<BalanceEvent[]>;
  /** The last change of each account that has one. */
  newest(accounts: readonly AccountKey[]): Promise<LocatedEvent[]>;
  /** The last change of each panel of a range of paths that changed at or after `sinceMs`, by path. */
  changedSince(range: BranchRange, sinceMs: number, length: number): Promise<LocatedEvent[]>;
  versions(accounts: readonly AccountKey[]): Promise<ChangedVersion[]>;
  /**
   * At most `length` purchases, by the transaction of their last change and their id, from above a place on; null: none. Every
   * transaction below `settledBelow` was over before the query began.
   */
  changedPurchases(above: ChangedPlace | null, length: number): Promise<ChangedPage<PurchaseEvent>>;
  /** The same of customers' payments. */
  changedPayments(above: ChangedPlace | null, length: number): Promise<ChangedPage<PaymentEvent>>;
  /** The same of webhook endpoints. */
  changedEndpoints(above: ChangedPlace | null, length: number): Promise<ChangedPage<EndpointEvent>>;
  /** At most `length` imports that are worked on or changed in the last ten minutes, those that changed last first. */
  changedImports(length: number): Promise<ImportEvent[]>;
  /** At most `length` events of each tenant's access feed above a version, in version order. */
  accessAbove(positions: readonly { readonly tenantId: string; readonly above: number }[], length: number): Promise<AccessEvent[]>;
  /** At most `length` events of a tenant, or of one of its panels, in version order, and the tenant's last version in the same moment. */
  accessPage(of: AccessRange, length: number): Promise<{ readonly present: number; readonly events: AccessEvent[] }>;
  /** The database's clock. */
  clockMs(): Promise<number>;
  close(): Promise<void>;
}

interface AccountRow {
  tenantId: string;
  id: string;
  reserveThreshold: number;
  debt: number;
  issued: number;
  consumed: number;
  withdrawn: number;
}

interface PresentRow extends AccountRow {
  balance: number;
  version: number;
  lockedSince: Date | null;
  changedAt: Date;
}

/** One row of nulls where nothing changed. */
type PurchaseRow = { settledBelow: number } & ((PurchaseEvent & { xact: number }) | { xact: null });
/** Of a panel's rows. */
type OfPanelRow = { settledBelow: number } & (((PaymentEvent | EndpointEvent) & { xact: number }) | { xact: null });

interface EntryRow extends AccountRow {
  version: number;
  delta: number;
  balanceAfter: number;
  entryAt: Date;
  transferId: string;
  kind: TransferKind;
  fromId: string | null;
  toId: string | null;
  amount: number;
  actorId: string;
  memo: string | null;
  customerId: string | null;
  purchaseId: string | null;
  transferAt: Date;
}

/** A query without an answer for `deadlineMs` is given up, and with it the client: its connections may be half dead. */
export function createJournal(open: () => Sql, deadlineMs: number): Journal {
  let sql = open();
  const ask = async <T>(query: (sql: Sql) => Promise<T>): Promise<T> => {
    const asked = sql;
    try {
      return await within(query(asked), deadlineMs);
    } catch (error) {
      if (error instanceof NoAnswer && asked === sql) {
        sql = open();
        asked.end({ timeout: 0 }).catch(() => {});
      }
      throw error;
    }
  };

  async function changedOfPanels(
    table: 'customer_payment' | 'webhook_endpoint',
    above: ChangedPlace | null,
    length: number,
  ): Promise<ChangedPage<PaymentEvent | EndpointEvent>> {
    const { id, xact } = above ?? { xact: 0, id: null };
    const rows = await ask(
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
    return pageOf(rows, ({ settledBelow: _below, xact: _xact, ...event }) => event);
  }

  const accountColumns = sql`
    a.tenant_id AS "tenantId", a.id, a.reserve_threshold AS "reserveThreshold", a.debt, a.issued, a.consumed, a.withdrawn`;
  const entryColumns = sql`${accountColumns},
    e.version, e.delta, e.balance_after AS "balanceAfter", e.created_at AS "entryAt",
    t.id AS "transferId", t.kind, t.from_id AS "fromId", t.to_id AS "toId", t.amount, t.actor_id AS "actorId", t.memo, t.customer_id AS "customerId",
    t.purchase_id AS "purchaseId",
    t.created_at AS "transferAt"`;
  const accessColumns = sql`
    e.tenant_id AS "tenantId", e.version, e.event, e.customer_id AS "customerId", e.reseller_id AS "resellerId", e.active, e.screens,
    e.expires_at AS "expiresAt", e.at, l.login`;
  const accessLogin = sql`LEFT JOIN customer_access l ON l.tenant_id = e.tenant_id AND l.customer_id = e.customer_id`;
  const lastChange = sql`
    JOIN reseller r ON r.tenant_id = a.tenant_id AND r.id = a.id
    JOIN entry e ON e.tenant_id = a.tenant_id AND e.account_id = a.id AND e.version = a.version
    JOIN transfer t ON t.tenant_id = e.tenant_id AND t.id = e.transfer_id`;
  const wanted = (accounts: readonly AccountKey[]) =>
    sql`unnest(${arrayOf(accounts, (a) => a.tenantId)}::uuid[], ${arrayOf(accounts, (a) => a.id)}::uuid[])`;

  return {
    async presents(accounts) {
      const rows = await ask(
        (sql) => sql<PresentRow[]>`
        SELECT ${accountColumns}, a.balance, a.version, a.locked_since AS "lockedSince", a.changed_at AS "changedAt"
        FROM ${wanted(accounts)} AS w (tenant_id, id) JOIN account a ON a.tenant_id = w.tenant_id AND a.id = w.id`,
      );
      return rows.map(presentEvent);
    },

    async above(positions, length) {
      const rows = await ask(
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
      const rows = await ask(
        (sql) => sql<(EntryRow & { path: string })[]>`
        SELECT ${entryColumns}, r.path
        FROM ${wanted(accounts)} AS w (tenant_id, id) JOIN account a ON a.tenant_id = w.tenant_id AND a.id = w.id ${lastChange}`,
      );
      return rows.map((row) => ({ path: row.path, event: entryEvent(row) }));
    },

    async changedSince({ tenantId, fromPath, endPath }, sinceMs, length) {
      const rows = await ask(
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
      return ask(
        (sql) => sql<ChangedVersion[]>`
        SELECT a.tenant_id AS "tenantId", a.id, a.version
        FROM ${wanted(accounts)} AS w (tenant_id, id) JOIN account a ON a.tenant_id = w.tenant_id AND a.id = w.id`,
      );
    },

    async changedPurchases(above, length) {
      const { id, xact } = above ?? { xact: 0, id: null };
      const rows = await ask(
        (sql) => sql<PurchaseRow[]>`
        SELECT settled.below AS "settledBelow", p.*
        FROM (SELECT pg_snapshot_xmin(now)::text::bigint AS below, pg_snapshot_xmax(now)::text::bigint AS end FROM pg_current_snapshot() AS now) AS settled
        LEFT JOIN LATERAL (
          SELECT p.changed_xact AS xact, p.tenant_id AS "tenantId", p.id, p.buyer_id AS "buyerId", p.seller_id AS "sellerId",
            p.seller_id IS NOT NULL AND (p.status = 'PAID_UNFUNDED' OR s.closed_at IS NOT NULL) AS "mayBeStranded"
          FROM purchase p LEFT JOIN reseller s ON s.tenant_id = p.tenant_id AND s.id = p.seller_id
          -- Restored from another cluster's dump, a row may have a transaction that is yet to come.
          WHERE (p.changed_xact, p.id) > (${xact}, ${id}::uuid) AND p.changed_xact < settled.end
          ORDER BY p.changed_xact, p.id LIMIT ${length}
        ) AS p ON true`,
      );
      return pageOf(rows, ({ settledBelow: _below, xact: _xact, ...event }): PurchaseEvent => event);
    },

    changedPayments: (above, length) => changedOfPanels('customer_payment', above, length),
    changedEndpoints: (above, length) => changedOfPanels('webhook_endpoint', above, length),

    async accessAbove(positions, length) {
      return ask(
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
      const rows = await ask(
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
      ask(
        (sql) => sql<ImportEvent[]>`
          SELECT tenant_id AS "tenantId", id, revision FROM import
          WHERE status <> 'UPLOADING' AND (status IN ('READING', 'COMMITTING') OR changed_at > clock_timestamp() - interval '10 minutes')
          ORDER BY changed_at DESC LIMIT ${length}`,
      ),

    async clockMs() {
      const [row] = await ask((sql) => sql<{ now: Date }[]>`SELECT clock_timestamp() AS now`);
      if (!row) throw new Error('the database did not tell the time');
      return row.now.getTime();
    },

    close: () => sql.end({ timeout: 0 }),
  };
}

/** `eventOf` leaves out what is the page's. */
function pageOf<Row extends { readonly settledBelow: number; readonly xact: number | null }, Event>(
  rows: readonly Row[],
  eventOf: (row: Changed<Row>) => Event,
): ChangedPage<Event> {
  const changed = rows.filter(isChanged).map((row) => ({ xact: row.xact, event: eventOf(row) }));
  return { settledBelow: rows[0]?.settledBelow ?? 0, rows: changed };
}

type Changed<Row> = Extract<Row, { readonly xact: number }>;

function isChanged<Row extends { readonly xact: number | null }>(row: Row): row is Changed<Row> {
  return row.xact !== null;
}

/** An array literal of ids or numbers, none of which needs quoting. */
function arrayOf<T>(items: readonly T[], value: (item: T) => string | number): string {
  return `{${items.map(value).join(',')}}`;
}

function presentEvent(row: PresentRow): BalanceEvent {
  const { lockedSince, changedAt, ...account } = row;
  return {
    account: { ...account, lockedSinceMs: lockedSince?.getTime() ?? null, changedAtMs: changedAt.getTime() },
    delta: 0,
    transfer: null,
  };
}

/** The account as of the entry: what the entry does not record is that of now. */
function entryEvent(row: EntryRow): BalanceEvent {
  const { tenantId, id, version, balanceAfter: balance, reserveThreshold, debt, issued, consumed, withdrawn } = row;
  const changedAtMs = row.entryAt.getTime();
  return {
    account: {
      tenantId,
      id,
      balance,
      version,
      // No change leaves a balance as it was, so an entry that ends at 0 is the one that locked (R7).
      lockedSinceMs: balance === 0 ? changedAtMs : null,
      reserveThreshold,
      debt,
      issued,
      consumed,
      withdrawn,
      changedAtMs,
    },
    delta: row.delta,
    transfer: {
      tenantId,
      id: row.transferId,
      kind: row.kind,
      fromId: row.fromId,
      toId: row.toId,
      amount: row.amount,
      actorId: row.actorId,
      memo: row.memo,
      customerId: row.customerId,
      purchaseId: row.purchaseId,
      createdAtMs: row.transferAt.getTime(),
    },
  };
}
