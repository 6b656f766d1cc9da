/** Reads a whole tenant as tables, all of one moment: what its root's owner takes along (R55). */

import { pagesOf, readSnapshot } from '../../db/read-pages.ts';
import { type Acting, mayRead } from '../../kernel/actor.ts';
import { Forbidden, PanelLocked } from '../../kernel/errors.ts';
import { isClosedByLock } from '../account/closed-by-lock.ts';
import { recordAudit } from '../audit/record.ts';
import type { Ports } from '../ports.ts';
import { transact } from '../transact.ts';
import { type BusinessTotals, businessTotals, readCustomerPayments, readPlans, readReminderRules } from './tenant-business.ts';
import { CustomerSums, type CustomerTotals, readCustomers } from './tenant-customers.ts';
import { type Rows, readAudit, readJournal, readPurchases, readResellers } from './tenant-tables.ts';

/** Where the tables go: each begins, takes its rows a page at a time, and ends. */
export interface TenantWriter {
  begin(name: string, columns: readonly string[]): void;
  take(rows: Rows): Promise<void>;
  end(): Promise<void>;
}

/** What the tables come to. Credits that came in, less those that were consumed or withdrawn, are those that there are. */
interface TenantTotals extends CustomerTotals, BusinessTotals {
  readonly resellers: number;
  /** Of these, those that are closed: they hold nothing, and do not move in elsewhere. */
  readonly closedResellers: number;
  readonly credits: number;
  readonly issued: number;
  readonly consumed: number;
  readonly withdrawn: number;
  readonly transfers: number;
}

export interface TenantExport {
  /** The tenant's. */
  readonly name: string;
  /** Of which all tables are. */
  readonly moment: Date;
  readonly totals: TenantTotals;
}

/**
 * Hands over all tables of the tenant. An OWNER of the root panel, or its key, may ask; not while that is closed by the lock.
 * What R18 keeps to a panel stays with it here too: of other panels' customers there is the login, the screens and the end, as
 * services read them (R49), and neither name, contact nor notes; and of plans, payments and reminders there are the root's own. Nobody's secret is in it. It is told in the audit log before the first row.
 */
export async function exportTenant(
  ports: Pick<Ports, 'reports' | 'sql'>,
  { actor, address }: Acting,
  writer: TenantWriter,
): Promise<TenantExport> {
  const { panel, tenantId } = actor;
  if (panel?.id !== tenantId || !mayRead(actor, ['OWNER'])) throw new Forbidden('The whole tenant is for the owners of its root panel.');
  if (await isClosedByLock(ports.sql, { tenantId, id: tenantId })) throw new PanelLocked({ tenantId, id: tenantId });
  await transact(ports, async (tx) => {
    const entry = { tenantId, resellerId: tenantId, actorId: actor.userId, address, subject: null, changes: [] };
    await recordAudit(tx, { ...entry, action: 'TENANT_EXPORTED' });
    return {};
  });

  const made: { result?: TenantExport } = {};
  await readSnapshot(ports.reports, async (tx) => {
    const [tenant] = await tx<{ name: string; moment: Date }[]>`
      SELECT name, date_trunc('milliseconds', clock_timestamp()) AS moment FROM tenant WHERE id = ${tenantId}`;
    if (!tenant) throw new Error('a root panel has no tenant');
    const sums = new CustomerSums(tenant.moment);
    const readers = [
      ...[readResellers, readPurchases, readJournal, () => readCustomers(tx, tenantId, sums), readAudit],
      ...[readPlans, readCustomerPayments, readReminderRules],
    ];
    for (const read of readers) {
      const { columns, name, query, shown } = read(tx, tenantId);
      writer.begin(name, columns);
      await pagesOf(tx, query, (rows) => writer.take(shown ? shown(rows) : rows));
      await writer.end();
    }
    const [books] = await tx<Omit<TenantTotals, keyof CustomerTotals | keyof BusinessTotals>[]>`
      SELECT (SELECT count(*) FROM reseller WHERE tenant_id = ${tenantId}) AS resellers,
        (SELECT count(*) FROM reseller WHERE tenant_id = ${tenantId} AND closed_at IS NOT NULL) AS "closedResellers", coalesce(sum(balance), 0)::bigint AS credits,
        coalesce(sum(issued), 0)::bigint AS issued, coalesce(sum(consumed), 0)::bigint AS consumed,
        coalesce(sum(withdrawn), 0)::bigint AS withdrawn, (SELECT count(*) FROM transfer WHERE tenant_id = ${tenantId}) AS transfers
      FROM account WHERE tenant_id = ${tenantId}`;
    if (!books) throw new Error('a tenant has no accounts');
    made.result = { ...tenant, totals: { ...books, ...sums.totals(), ...(await businessTotals(tx, tenantId)) } };
  });
  if (!made.result) throw new Error('a snapshot ended without a result');
  return made.result;
}
