/** Databases of a chosen size for the suite on growth: many panels, or a long journal. */

import { openSql } from '../src/db/sql.ts';
import type { Edge, Forest, Panel } from './world.ts';

const TENANT_ID = '01900000-0000-7000-8000-0000000000fe';
/** The share of panels that pay; the other panels are their children. */
const PAYING_SHARE = 0.1;
const PAYERS_HOT = 1;
/** The most edges to draw from: enough to touch all pages of a cache. */
const MOST_EDGES = 100_000;
/** Transfers inserted in one transaction. */
const TRANSFERS_AT_ONCE = 250_000;

const idOf = (number: number) => `01900000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;

/** Creates a tenant with this many panels by SQL, in an empty, migrated database. `url` must connect as superuser. */
export async function plantPanels(url: string, panels: number): Promise<Forest> {
  const payers = Math.max(PAYERS_HOT, Math.floor(panels * PAYING_SHARE));
  const sql = openSql(url, { name: 'bench fill', max: 1, role: null });
  await sql
    .unsafe(
      withIds(`
    SET statement_timeout = 0;
    INSERT INTO tenant (id, name, created_at) VALUES ('${TENANT_ID}', 'Grown', now());
    INSERT INTO reseller (tenant_id, id, parent_id, path, depth, name, created_at)
      VALUES ('${TENANT_ID}', id_of(0), NULL, '0.', 0, 'Root', now());
    INSERT INTO reseller (tenant_id, id, parent_id, path, depth, name, created_at)
      SELECT '${TENANT_ID}', id_of(n), id_of(0), '0.' || to_hex(n) || '.', 1, 'Payer', now() FROM generate_series(1, ${payers}) n;
    INSERT INTO reseller (tenant_id, id, parent_id, path, depth, name, created_at)
      SELECT '${TENANT_ID}', id_of(n), id_of(1 + n % ${payers}), '0.' || to_hex(1 + n % ${payers}) || '.' || to_hex(n) || '.', 2, 'Panel', now()
      FROM generate_series(${payers} + 1, ${panels - 1}) n;
    INSERT INTO account (tenant_id, id, balance, version, issued, changed_at)
      SELECT '${TENANT_ID}', id_of(n), 1000000, 1, 1000000, now() FROM generate_series(0, ${panels - 1}) n;
    INSERT INTO app_user (tenant_id, id, reseller_id, email, password_hash, role, created_at)
      SELECT '${TENANT_ID}', id_of(n), id_of(n), n || '@grown.test', 'none', 'OWNER', now() FROM generate_series(1, ${payers}) n;
  `),
    )
    .simple();
  // Otherwise autovacuum would run during the measurement.
  await sql.unsafe('VACUUM ANALYZE');
  await sql.end();
  const children = panels - 1 - payers;
  const step = Math.max(1, Math.floor(children / MOST_EDGES));
  const edges: Edge[] = [];
  for (let number = payers + 1; number < panels; number += step) {
    edges.push({ from: panelOf(1 + (number % payers)), toId: idOf(number) });
  }
  return { roots: [panelOf(0)], edges, fromRoot: [] };
}

/**
 * Adds this many entries to the journal for accounts that nobody uses, as years of business would. It then vacuums
 * the tables as years would have, so that autovacuum does not run during the measurement. No transaction is long,
 * because a long one keeps rows that it might see from being pruned.
 */
export async function growJournal(url: string, entries: number): Promise<void> {
  const sql = openSql(url, { name: 'bench fill', max: 1, role: null });
  await sql.unsafe('SET statement_timeout = 0; SET lock_timeout = 0; SET synchronous_commit = off').simple();
  for (let first = 1; first <= entries / 2; first += TRANSFERS_AT_ONCE) {
    const last = Math.min(first + TRANSFERS_AT_ONCE - 1, entries / 2);
    await sql.unsafe(
      withIds(`
    INSERT INTO transfer (tenant_id, id, kind, from_id, to_id, amount, actor_id, created_at)
      SELECT '${TENANT_ID}', id_of(n), 'TRANSFER', id_of(n % 1000), id_of(1000 + n % 1000), 1, id_of(0), now() FROM generate_series(${first}, ${last}) n`),
    );
    await sql.unsafe(
      withIds(`
    INSERT INTO entry (tenant_id, account_id, version, kind, delta, balance_after, transfer_id, created_at)
      SELECT '${TENANT_ID}', id_of(n % 2000), 1 + n / 2000, 'TRANSFER', 1, 1, id_of(1 + n / 2), now() FROM generate_series(${2 * first - 1}, ${2 * last}) n`),
    );
    await sql.unsafe(
      withIds(`
    INSERT INTO command_key (tenant_id, scope_id, key, hash, transfer_id, created_at)
      SELECT '${TENANT_ID}', id_of(n % 1000), 'key ' || n, sha256(int4send(n)), id_of(n), now() FROM generate_series(${first}, ${last}) n`),
    );
  }
  for (const table of ['transfer', 'entry', 'command_key']) await sql.unsafe(`VACUUM ANALYZE ${table}`);
  await sql.unsafe('CHECKPOINT');
  await sql.end();
}

function withIds(text: string): string {
  return text.replaceAll(/id_of\(([^()]+)\)/g, "('01900000-0000-7000-8000-' || lpad(to_hex($1), 12, '0'))::uuid");
}

function panelOf(number: number): Panel {
  return { tenantId: TENANT_ID, id: idOf(number), userId: idOf(number) };
}
