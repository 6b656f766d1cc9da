/** Caches credentials that were checked and right; the database confirms that nothing has changed since (R49, ADR-0103). */

import { hash, randomBytes } from 'node:crypto';
import { rowsByTenant, tenantFragment } from '../../db/by-tenant.ts';
import type { Sql } from '../../db/sql.ts';
import type { Topology } from '../../db/topology.ts';
import { networkOf } from '../../kernel/network.ts';
import type { PaidRow } from '../customer/paid-screens.ts';

/** The most cached logins of all tenants: about 30 MB. */
const MAX_LOGINS = 50_000;
/** The most networks for which one login is cached. */
const NETWORKS_PER_LOGIN = 4;
/** After this long the row is read again, so that a manual change in the database, which makes no event, is noticed. */
const MAX_AGE_MS = 60_000;
/** The most changed customers that are dropped one by one. If there are more, the whole tenant is dropped. */
const MAX_CHANGES = 1_000;
const SALT_BYTES = 32;

/** A customer's row, as it was when its credentials were found right. */
interface KnownAccess {
  readonly customerId: string;
  readonly row: PaidRow;
  readonly untilMs: number;
  /** The networks and secrets with which they were right, as digests that mean nothing outside this process. */
  readonly marks: readonly string[];
}

interface Tenant {
  /** All changes up to this version have been applied to the cache. Later ones are applied before an answer is given. */
  upTo: number;
  readonly logins: Map<string, KnownAccess>;
  readonly loginOf: Map<string, string>;
}

/** A tenant's version of the access feed, at one moment. */
interface Confirmed {
  readonly version: number;
  readonly now: Date;
}

export interface KnownAccesses {
  /** The digest that is compared instead of the secret: of one secret, for one login, from one network. */
  markOf(tenantId: string, login: string, secret: string, address: string): string;
  /** Returns null if these credentials were not recently right from this network. */
  find(tenantId: string, login: string, mark: string): KnownAccess | null;
  /** Caches a row. `version` is the version of the feed in the snapshot in which the row was read. */
  keep(tenantId: string, login: string, mark: string, found: Pick<KnownAccess, 'customerId' | 'row'> & { readonly version: number }): void;
  forget(tenantId: string, login: string): void;
  /** Call this after an error of the database, because it may come back in another state. */
  clear(): void;
  /**
   * Drops everything that a commit before this call has changed in these tenants. Uses one statement, or one for each tenant. A result
   * of `find` after it was true at that moment.
   */
  confirm(sql: Sql, tenantIds: readonly string[]): Promise<ReadonlyMap<string, Confirmed>>;
}

export function createKnownAccesses(topology: Topology): KnownAccesses {
  const salt = randomBytes(SALT_BYTES).toString('base64url');
  const tenants = new Map<string, Tenant>();
  let logins = 0;

  function drop(tenant: Tenant, login: string): void {
    const known = tenant.logins.get(login);
    if (known === undefined) return;
    tenant.logins.delete(login);
    tenant.loginOf.delete(known.customerId);
    logins -= 1;
  }

  function dropTenant(tenantId: string): void {
    logins -= tenants.get(tenantId)?.logins.size ?? 0;
    tenants.delete(tenantId);
  }

  function clear(): void {
    tenants.clear();
    logins = 0;
  }

  function makeRoom(tenant: Tenant | undefined): void {
    if (logins < MAX_LOGINS) return;
    const oldest = tenant?.logins.keys().next().value;
    if (tenant === undefined || oldest === undefined) clear();
    else drop(tenant, oldest);
  }

  function follow(tenantId: string, { changed, changes, version }: ChangedRow): void {
    const tenant = tenants.get(tenantId);
    if (tenant === undefined) return;
    // Versions never decrease, except in a database that was restored to an earlier state.
    if (changes >= MAX_CHANGES || version < tenant.upTo) {
      dropTenant(tenantId);
      return;
    }
    tenant.upTo = version;
    if (changed === null) return;
    for (const customerId of changed.split(' ')) {
      const login = tenant.loginOf.get(customerId);
      if (login !== undefined) drop(tenant, login);
    }
  }

  return {
    clear,
    markOf: (tenantId, login, secret, address) =>
      hash('sha256', `${salt}\0${tenantId}\0${login}\0${networkOf(address)}\0${secret}`, 'base64url'),
    find(tenantId, login, mark) {
      const known = tenants.get(tenantId)?.logins.get(login);
      return known?.marks.includes(mark) && performance.now() < known.untilMs ? known : null;
    },
    keep(tenantId, login, mark, { customerId, row, version }) {
      const before = tenants.get(tenantId);
      // A confirmation has already passed this version: changes that the row does not include would not be reported again.
      if (before !== undefined && version < before.upTo) return;
      const marks = before?.logins.get(login)?.marks ?? [];
      if (before) drop(before, login);
      makeRoom(before);
      const tenant = tenants.get(tenantId) ?? { upTo: version, logins: new Map(), loginOf: new Map() };
      tenants.set(tenantId, tenant);
      const others = marks.filter((other) => other !== mark).slice(1 - NETWORKS_PER_LOGIN);
      const untilMs = performance.now() + MAX_AGE_MS;
      tenant.logins.set(login, { customerId, row, untilMs, marks: [...others, mark] });
      tenant.loginOf.set(customerId, login);
      logins += 1;
    },
    forget(tenantId, login) {
      const tenant = tenants.get(tenantId);
      if (tenant) drop(tenant, login);
    },
    async confirm(sql, tenantIds) {
      const asked = tenantIds.map((tenantId) => ({ tenantId, above: tenants.get(tenantId)?.upTo ?? 0 }));
      const rows = await (topology === 'single' ? changesAbove(sql, asked) : rowsByTenant(asked, (_, own) => changesAbove(sql, own)));
      for (const row of rows) follow(row.tenantId, row);
      return new Map(rows.map(({ now, tenantId, version }) => [tenantId, { now, version }]));
    },
  };
}

interface ChangedRow {
  readonly tenantId: string;
  readonly version: number;
  readonly now: Date;
  readonly changes: number;
  /** The customers' ids, separated by spaces. */
  readonly changed: string | null;
}

/**
 * Reads, in one snapshot, the events above the known version, and committed events that still wait for a number. From its commit on,
 * every event is among one or the other.
 */
async function changesAbove(sql: Sql, asked: readonly { readonly tenantId: string; readonly above: number }[]): Promise<ChangedRow[]> {
  const itsTenant = tenantFragment(sql, asked, 'w."tenantId"');
  return sql<ChangedRow[]>`
    SELECT w."tenantId", coalesce(v.version, 0) AS version, clock_timestamp() AS now, c.changes, c.changed
    FROM jsonb_to_recordset(${JSON.stringify(asked)}::text::jsonb) AS w ("tenantId" uuid, above bigint)
    LEFT JOIN LATERAL (SELECT version FROM access_event WHERE tenant_id = ${itsTenant} ORDER BY version DESC LIMIT 1) AS v ON true
    CROSS JOIN LATERAL (
      SELECT count(*)::integer AS changes, string_agg(customer_id::text, ' ') AS changed FROM (
        (SELECT customer_id FROM access_event WHERE tenant_id = ${itsTenant} AND version > w.above ORDER BY version LIMIT ${MAX_CHANGES})
        UNION ALL
        (SELECT customer_id FROM access_posted, unnest(customers) AS customer_id WHERE tenant_id = ${itsTenant} LIMIT ${MAX_CHANGES})
        UNION ALL
        (SELECT customer_id FROM access_waiting WHERE tenant_id = ${itsTenant} ORDER BY id LIMIT ${MAX_CHANGES})
      ) AS e
    ) AS c`;
}
