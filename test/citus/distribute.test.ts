import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { distribute } from '../../src/db/distribute.ts';
import { migrate } from '../../src/db/migrate.ts';
import { OWN_FOLDER } from '../../src/db/migration-files.ts';
import { openSql, type Sql } from '../../src/db/sql.ts';
import { readTopology } from '../../src/db/topology.ts';
import { PLATFORM_TENANT_ID } from '../../src/kernel/actor.ts';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import { until } from '../support/until.ts';
import { createBareDatabase, createDatabase, createJoinedBareDatabase, makeFolder, type TestDatabase } from '../support/worlds/database.ts';

/** Skipped without a Citus cluster, which TEST_TOPOLOGY=citus announces. */
describe.skipIf(inject('topology') !== 'citus')('npm run distribute', () => {
  const databases: TestDatabase[] = [];
  const clients: Sql[] = [];
  const open = (url: string, name = 'test') => {
    const sql = openSql(url, { name, max: 2, role: null, parameters: { lock_timeout: '0', statement_timeout: '0' } });
    clients.push(sql);
    return sql;
  };
  const made = async (make: () => Promise<TestDatabase>) => {
    const database = await make();
    databases.push(database);
    return database.url;
  };
  let distributed: string;

  beforeAll(async () => {
    distributed = await made(createDatabase);
  });
  afterAll(async () => {
    await Promise.all(clients.map((sql) => sql.end()));
    await Promise.all(databases.map((database) => database.drop()));
  });

  test('leaves only tables without tenants on the coordinator, and does nothing when it runs again', async () => {
    const sql = open(distributed);
    expect(await readTopology(sql)).toBe('citus');
    const local = await sql`
      SELECT relname AS name FROM pg_class
      WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND oid NOT IN (SELECT logicalrelid FROM pg_dist_partition) ORDER BY 1`;
    expect(local.map(({ name }) => name)).toEqual(['_prisma_migrations', 'sign_in_failure', 'webhook_position']);
    expect(await distribute(distributed)).toBe('was distributed');
  });

  test('refuses in one line what it cannot do', async () => {
    const bare = await made(createBareDatabase);
    await expect(distribute(bare)).rejects.toThrow(/no extension citus/);
    const worker = inject('templateUrls')[1] ?? '';
    await expect(distribute(worker)).rejects.toThrow('This is a worker: distribute is run on the coordinator.');
    const joined = await made(createJoinedBareDatabase);
    await expect(distribute(joined)).rejects.toThrow(/not migrated to this version \(20261122000000_ledger is missing\)/);
    await migrate(joined);
    const sql = open(joined, 'revenda writes');
    await sql`SELECT 1`;
    await expect(distribute(joined)).rejects.toThrow('Servers are connected (1 connections): stop them first.');
    await sql`CREATE TABLE notes (id uuid PRIMARY KEY)`;
    await expect(distribute(joined)).rejects.toThrow('These tables have no tenant_id: notes. Move them elsewhere.');
    await sql`DROP TABLE notes`;
    await sql`SELECT citus_add_inactive_node('127.0.0.1', 9)`;
    await sql`SELECT citus_remove_node(nodename, nodeport) FROM pg_dist_node WHERE groupid > 0`;
    await expect(distribute(joined)).rejects.toThrow(/The cluster has no worker/);
  });

  test('of two at once one is refused, and an interrupted one can be repeated; existing rows are kept', async () => {
    const url = await made(createJoinedBareDatabase);
    await migrate(url);
    const sql = open(url);
    const tenantId = uuidv7();
    await sql`INSERT INTO tenant (id, name, created_at) VALUES (${tenantId}, 'Root', now())`;
    await sql`INSERT INTO reseller (tenant_id, id, path, depth, name, created_at) VALUES (${tenantId}, ${tenantId}, 'a.', 0, 'Root', now())`;
    await sql`
      INSERT INTO app_user (tenant_id, id, reseller_id, email, password_hash, role, created_at)
      VALUES (${tenantId}, ${tenantId}, ${tenantId}, 'root@owner.test', 'none', 'OWNER', now())`;
    for (const id of [uuidv7(), uuidv7()]) {
      await sql`
        INSERT INTO purchase (tenant_id, id, buyer_id, quantity, total_minor, currency, provider, status, created_by, created_at, expires_at)
        VALUES (${tenantId}, ${id}, ${tenantId}, 10, 0, 'BRL', 'MANUAL', 'PENDING', ${tenantId}, now(), now())`;
      await sql`UPDATE purchase SET total_minor = 5 WHERE id = ${id}`;
    }
    const rows = async () => [
      await sql`SELECT * FROM purchase ORDER BY id`,
      await sql`SELECT * FROM reseller_change`,
      await sql`SELECT * FROM tenant ORDER BY id`,
      await sql`SELECT * FROM purchase_counter`,
    ];
    const before = JSON.stringify(await rows());
    // A reader holds the table, so that the first run is in the middle of its work.
    const letGo = Promise.withResolvers<void>();
    const reading = sql.begin(async (tx) => {
      await tx`SELECT FROM customer_payment LIMIT 1`;
      await letGo.promise;
    });
    const brokenOff = distribute(url).catch((error: unknown) => String(error));
    await until(async () => {
      const [waiting] = await sql`
        SELECT pid FROM pg_stat_activity WHERE application_name = 'distribute' AND wait_event_type = 'Lock' AND datname = current_database()`;
      return waiting !== undefined;
    });
    await expect(distribute(url)).rejects.toThrow('Somebody else distributes or migrates this database: wait until that is done.');
    await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'distribute' AND datname = current_database()`;
    expect(await brokenOff).toMatch(/terminating|closed/i);
    letGo.resolve();
    await reading;
    expect(await readTopology(sql)).toBe('single');
    expect(JSON.stringify(await rows())).toBe(before);

    expect(await distribute(url)).toBe('distributed');
    expect(await readTopology(sql)).toBe('citus');
    expect(JSON.stringify(await rows())).toBe(before);
    const words = await sql`SELECT kind, word, tenant_id, subject_id FROM directory`;
    expect(words).toEqual([{ kind: 'EMAIL', word: 'root@owner.test', tenant_id: tenantId, subject_id: tenantId }]);
    const platform = await sql`SELECT FROM tenant WHERE id = ${PLATFORM_TENANT_ID}`;
    expect(platform.count).toBe(1);
    const [numbered] = await sql`
      INSERT INTO purchase (tenant_id, id, buyer_id, quantity, total_minor, currency, provider, status, created_by, created_at, expires_at)
      VALUES (${tenantId}, ${uuidv7()}, ${tenantId}, 10, 0, 'BRL', 'MANUAL', 'PENDING', ${tenantId}, now(), now()) RETURNING number, revision`;
    expect(numbered).toEqual({ number: 3, revision: 1 });
    await expect(sql`DELETE FROM entry WHERE tenant_id = ${tenantId}`).rejects.toThrow('the journal is append-only');
  });

  test('a later migration runs on both kinds of database, and distributes its new tables like the others', async () => {
    const folder = join(await makeFolder(), 'migrations');
    await cp(OWN_FOLDER, folder, { recursive: true });
    const add = async (name: string, script: string) => {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'migration.sql'), script);
    };
    await add(
      '29990101000000_more',
      `ALTER TABLE reseller ADD COLUMN more integer NOT NULL DEFAULT 1;
       CREATE TYPE kind_of_more AS ENUM ('A', 'B');
       CREATE TABLE more (tenant_id uuid NOT NULL, id uuid NOT NULL, kind kind_of_more NOT NULL, PRIMARY KEY (tenant_id, id));
       SELECT distribute_table('more');
       ALTER TABLE more ADD FOREIGN KEY (tenant_id, id) REFERENCES reseller (tenant_id, id);
       GRANT SELECT, INSERT ON more TO revenda_app;
       CREATE FUNCTION count_more() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         UPDATE reseller SET more = more + 1 WHERE tenant_id = NEW.tenant_id AND id = NEW.id; RETURN NULL; END $$;
       CREATE TRIGGER count_more AFTER INSERT ON more FOR EACH ROW EXECUTE FUNCTION count_more();`,
    );
    await add(
      '29990101000001_index',
      'DROP INDEX CONCURRENTLY IF EXISTS more_kind;\nCREATE INDEX CONCURRENTLY more_kind ON more (tenant_id, kind);',
    );
    const single = await made(createBareDatabase);
    for (const url of [single, distributed]) {
      await migrate(url, folder);
      const sql = openSql(url, { name: 'test', max: 1, role: 'revenda_app' });
      clients.push(sql);
      const id = uuidv7();
      await sql`INSERT INTO tenant (id, name, created_at) VALUES (${id}, 'Root', now())`;
      await sql`INSERT INTO reseller (tenant_id, id, path, depth, name, created_at) VALUES (${id}, ${id}, 'a.', 0, 'Root', now())`;
      await sql`INSERT INTO more (tenant_id, id, kind) VALUES (${id}, ${id}, 'B')`;
      const [row] = await sql`SELECT more FROM reseller WHERE tenant_id = ${id} AND id = ${id}`;
      expect(row).toEqual({ more: 2 });
    }
    expect(await distribute(distributed)).toBe('was distributed');
  });
});
