/** Exports a whole tenant as tables of one moment, for the owner of its root (R55). */

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

/** Receives the tables: for each one `begin`, then its rows page by page, then `end`. */
export interface TenantWriter {
  begin(name: string, columns: readonly string[]): void;
  take(rows: Rows): Promise<void>;
  end(): Promise<void>;
}

/** The totals of the tables. Issued credits, less those consumed or withdrawn, equal the credits that exist. */
interface TenantTotals extends CustomerTotals, BusinessTotals {
  readonly resellers: number;
  /** How many of these are closed: they have no credits, and are not imported elsewhere. */
  readonly closedResellers: number;
  readonly credits: number;
  readonly issued: number;
  readonly consumed: number;
  readonly withdrawn: number;
  readonly transfers: number;
}

export interface TenantExport {
  /** The tenant's name. */
  readonly name: string;
  /** The moment that all tables show. */
  readonly moment: Date;
  readonly totals: TenantTotals;
}

/**
 * Writes all tables of the tenant. Only an OWNER of the root panel, or its key, may do this, and not while the root is restricted by
 * its lock. R18 holds here too. Customers of other panels appear with login, screens and end, as services read them (R49), but
 * without name, contact and notes. Plans, payments and reminders are the root's own only. No secret is exported. The audit log
 * records the export before the first row.
 */
export async function exportTenant(
  ports: Pick<Ports, 'reports' | 'sql'>,
  { actor, address }: Acting,
  writer: TenantWriter,
): Promise<TenantExport> {
  const { panel, tenantId } = actor;
  if (panel?.id !== tenantId || !mayRead(actor, ['OWNER']))
    throw new Forbidden('Only an OWNER of the root panel may export the whole tenant.');
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
