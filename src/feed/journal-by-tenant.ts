/** The feed's reads on a distributed database: tenant by tenant, and for changes in all tenants node by node (ADR-0132). */

import { rowsByTenant } from '../db/by-tenant.ts';
import { monotonicMs } from '../kernel/clock.ts';
import { NIL_UUID } from '../kernel/nil-uuid.ts';
import type { AccessEvent, EndpointEvent, PaymentEvent, PurchaseEvent } from './feed.ts';
import type { AccountKey, ChangedVersion } from './hints/message.ts';
import { type ChangedPage, type ChangedRow, createJournal, type Journal } from './journal.ts';
import { arrayOf, columnsOf, type EntryRow, entryEvent, type PresentRow, presentEvent } from './journal-rows.ts';
import type { QueryClient } from './query-client.ts';

/** How long one tenant of each node is remembered, which leads queries to the node. Shards seldom move, and a new node is read back in time. */
const NODES_KNOWN_MS = 10_000;
/** How many transactions back a newly found node is read: an event that is sent twice does no harm. */
const TRANSACTIONS_MISSED = 100_000;

/** The snapshot of a node: every transaction below `below` was over, and transactions from `end` on are not visible. */
interface NodeState {
  readonly node: string;
  readonly below: number;
  readonly end: number;
}

interface PagePosition {
  readonly xact: number;
  readonly id: string;
}

interface InNode {
  readonly node: string;
  readonly xact: number;
}

export function createJournalByTenant(client: QueryClient): Journal {
  const { query, sql } = client;
  const { access: accessColumns, account: accountColumns, entry: entryColumns, lastChange } = columnsOf(sql);
  const isWanted = (tenantId: string, accounts: readonly AccountKey[]) =>
    sql`a.tenant_id = ${tenantId}::uuid AND a.id = ANY (${arrayOf(accounts, (a) => a.id)}::uuid[])`;

  /** One tenant of each node that has any. */
  let representatives: { readonly untilMs: number; readonly tenantIds: readonly string[] } = { untilMs: 0, tenantIds: [] };

  async function tenantOfEachNode(): Promise<readonly string[]> {
    if (monotonicMs() < representatives.untilMs) return representatives.tenantIds;
    const tenants = await query((sql) => sql<{ id: string }[]>`SELECT id FROM tenant`);
    const found = await query(
      (sql) => sql<{ id: string }[]>`
      SELECT DISTINCT ON (p.groupid) w.id
      FROM unnest(${arrayOf(tenants, ({ id }) => id)}::uuid[]) AS w (id)
      JOIN pg_dist_placement p ON p.shardid = get_shard_id_for_distribution_column('tenant', w.id)`,
    );
    representatives = { untilMs: monotonicMs() + NODES_KNOWN_MS, tenantIds: found.map(({ id }) => id) };
    return representatives.tenantIds;
  }

  /** A node is identified by its cluster's own number, which it keeps after a restart or a failover. */
  async function stateOfNodes(): Promise<readonly NodeState[]> {
    const tenantIds = await tenantOfEachNode();
    const states = await Promise.all(
      tenantIds.map((tenantId) =>
        query(
          (sql) => sql<NodeState[]>`
          SELECT (pg_control_system()).system_identifier::text AS node, pg_snapshot_xmin(now)::text::bigint AS below,
            pg_snapshot_xmax(now)::text::bigint AS end
          FROM (SELECT pg_current_snapshot() AS now FROM tenant WHERE id = ${tenantId}::uuid) AS taken`,
        ),
      ),
    );
    return states.flat();
  }

  /** Reads the rows above each node's position, within its snapshot, from all nodes at once. Each node compares with its own position. */
  const changedIn = (positions: ReadonlyMap<string, PagePosition>, states: readonly NodeState[]) => {
    const nodes = states.flatMap(({ end, node }) => {
      const place = positions.get(node);
      return place ? [{ node, end, ...place }] : [];
    });
    return sql`unnest(${arrayOf(nodes, (a) => a.node)}::text[], ${arrayOf(nodes, (a) => a.xact)}::bigint[],
        ${arrayOf(nodes, (a) => a.id)}::uuid[], ${arrayOf(nodes, (a) => a.end)}::bigint[]) AS place (node, xact, id, until)
      ON place.node = (pg_control_system()).system_identifier::text
        AND (p.changed_xact, p.id) > (place.xact, place.id) AND p.changed_xact < place.until`;
  };

  async function changed<Event extends { readonly id: string }>(
    from: ReadonlyMap<string, number>,
    length: number,
    read: (positions: ReadonlyMap<string, PagePosition>, states: readonly NodeState[]) => Promise<readonly ChangedRow<Event>[]>,
  ): Promise<ChangedPage<Event>> {
    const states = await stateOfNodes();
    const settledBelow = new Map(states.map(({ below, node }) => [node, below]));
    const first = new Map(
      states.map(({ below, node }) => [node, { xact: from.get(node) ?? Math.max(0, below - TRANSACTIONS_MISSED), id: NIL_UUID }]),
    );
    const page = async (positions: ReadonlyMap<string, PagePosition>): Promise<ChangedPage<Event>> => {
      const found = length === 0 ? [] : await read(positions, states);
      const last = found.at(-1);
      const isFull = last !== undefined && found.length === length;
      return {
        settledBelow,
        rows: found,
        next: isFull ? () => page(after(positions, last)) : null,
      };
    };
    return page(first);
  }

  const changedOfPanels = (table: 'customer_payment' | 'webhook_endpoint', from: ReadonlyMap<string, number>, length: number) =>
    changed(from, length, async (positions, states) => {
      const rows = await query(
        (sql) => sql<(PaymentEvent & EndpointEvent & InNode)[]>`
        SELECT place.node, p.changed_xact AS xact, p.tenant_id AS "tenantId", p.id, p.reseller_id AS "resellerId"
        FROM ${sql(table)} p JOIN ${changedIn(positions, states)}
        ORDER BY place.node, p.changed_xact, p.id LIMIT ${length}`,
      );
      return rows.map(({ node, xact, ...event }) => ({ node, xact, event }));
    });

  return {
    ...createJournal(client),
    async presents(accounts) {
      const rows = await rowsByTenant(accounts, (tenantId, own) =>
        query(
          (sql) => sql<PresentRow[]>`
          SELECT ${accountColumns}, a.balance, a.version, a.locked_since AS "lockedSince", a.changed_at AS "changedAt"
          FROM account a WHERE ${isWanted(tenantId, own)}`,
        ),
      );
      return rows.map(presentEvent);
    },

    async above(positions, length) {
      const rows = await rowsByTenant(positions, (tenantId, own) =>
        query(
          (sql) => sql<EntryRow[]>`
          SELECT ${entryColumns}
          FROM unnest(${arrayOf(own, (p) => p.id)}::uuid[], ${arrayOf(own, (p) => p.above)}::bigint[]) AS w (id, above)
          CROSS JOIN LATERAL (
            SELECT * FROM entry WHERE entry.tenant_id = ${tenantId}::uuid AND entry.account_id = w.id AND entry.version > w.above
            ORDER BY entry.version LIMIT ${length}
          ) e
          JOIN transfer t ON t.tenant_id = ${tenantId}::uuid AND t.id = e.transfer_id
          JOIN account a ON a.tenant_id = ${tenantId}::uuid AND a.id = w.id
          ORDER BY w.id, e.version`,
        ),
      );
      return rows.map(entryEvent);
    },

    async newest(accounts) {
      const rows = await rowsByTenant(accounts, (tenantId, own) =>
        query(
          (sql) => sql<(EntryRow & { path: string })[]>`
          SELECT ${entryColumns}, r.path FROM account a ${lastChange} WHERE ${isWanted(tenantId, own)}`,
        ),
      );
      return rows.map((row) => ({ path: row.path, event: entryEvent(row) }));
    },

    versions: (accounts) =>
      rowsByTenant(accounts, (tenantId, own) =>
        query(
          (sql) => sql<ChangedVersion[]>`SELECT a.tenant_id AS "tenantId", a.id, a.version FROM account a WHERE ${isWanted(tenantId, own)}`,
        ),
      ),

    accessAbove: (positions, length) =>
      rowsByTenant(positions, (tenantId, own) =>
        query(
          (sql) => sql<AccessEvent[]>`
          SELECT ${accessColumns}
          FROM unnest(${arrayOf(own, (p) => p.above)}::bigint[]) AS w (above)
          CROSS JOIN LATERAL (
            SELECT * FROM access_event WHERE access_event.tenant_id = ${tenantId}::uuid AND access_event.version > w.above
            ORDER BY access_event.version LIMIT ${length}
          ) e
          LEFT JOIN customer_access l ON l.tenant_id = ${tenantId}::uuid AND l.customer_id = e.customer_id
          ORDER BY e.version`,
        ),
      ),

    changedPurchases: (from, length) =>
      changed(from, length, async (positions, states) => {
        const rows = await query(
          (sql) => sql<(PurchaseEvent & InNode)[]>`
          SELECT place.node, p.changed_xact AS xact, p.tenant_id AS "tenantId", p.id, p.buyer_id AS "buyerId", p.seller_id AS "sellerId",
            p.seller_id IS NOT NULL AND (p.status = 'PAID_UNFUNDED' OR s.closed_at IS NOT NULL) AS "mayBeStranded"
          FROM purchase p JOIN ${changedIn(positions, states)}
          LEFT JOIN reseller s ON s.tenant_id = p.tenant_id AND s.id = p.seller_id
          ORDER BY place.node, p.changed_xact, p.id LIMIT ${length}`,
        );
        return rows.map(({ node, xact, ...event }) => ({ node, xact, event }));
      }),
    changedPayments: (from, length) => changedOfPanels('customer_payment', from, length),
    changedEndpoints: (from, length) => changedOfPanels('webhook_endpoint', from, length),
  };
}

/** The positions of the nodes after the row's node, and of this node from the row on. */
function after(positions: ReadonlyMap<string, PagePosition>, { event: { id }, node, xact }: ChangedRow<{ readonly id: string }>) {
  return new Map([...positions].filter(([other]) => other >= node).map(([other, place]) => [other, other === node ? { xact, id } : place]));
}
