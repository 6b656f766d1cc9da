import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { openSql, type Sql } from '../../src/db/sql.ts';
import { followChanges } from '../../src/domain/endpoint/follow-changes.ts';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import { hold, openStranger } from '../fault/stranger.ts';
import { until } from '../support/until.ts';
import { moveTenant } from '../support/worlds/cluster-nodes.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';

const EVENTS = '{PURCHASE_CHANGED,RESELLER_CREATED,RESELLER_STATUS_CHANGED}';
/** Changes of each purchase while its shard moves. */
const CHANGES = 30;

interface Delivery {
  readonly tenantId: string;
  readonly event: string;
  readonly subject: string;
  readonly version: number;
}

describe.skipIf(inject('topology') !== 'citus')('webhooks of changed purchases and panels on a cluster', () => {
  let database: TestDatabase;
  let admin: Sql;
  let stranger: Sql;
  let sql: Sql;
  let tenants: string[];

  beforeAll(async () => {
    database = await createDatabase();
    admin = openSql(database.url, { name: 'test', max: 2, role: null, parameters: { statement_timeout: '0', lock_timeout: '0' } });
    stranger = openStranger(database.url);
    sql = openSql(database.url, { name: 'test follower', max: 4, role: 'revenda_app' });
  });
  beforeEach(async () => {
    tenants = [uuidv7(), uuidv7(), uuidv7()];
    for (const id of tenants) {
      await admin`INSERT INTO tenant (id, name, created_at) VALUES (${id}, 'T', now())`;
      await panel(id, id, null);
      await follow();
      await admin`
        INSERT INTO webhook_endpoint (tenant_id, id, reseller_id, url, scope, events, secret, created_at, access_version, accounts_since)
        VALUES (${id}, ${id}, ${id}, 'https://x.test', 'TENANT', ${EVENTS}::text[], 'x', now(), 0, now())`;
    }
  });
  afterAll(async () => {
    await sql?.end();
    await stranger?.end({ timeout: 0 });
    await admin?.end();
    await database?.drop();
  });

  const follow = (client = sql) => followChanges({ sql: client, topology: 'citus' }, (_, { id }) => id);

  /** Inserts a panel as the application would, on the tenant's node. */
  async function panel(tenantId: string, id: string, parentId: string | null): Promise<void> {
    await sql`
      INSERT INTO reseller (tenant_id, id, parent_id, path, depth, name, created_at)
      VALUES (${tenantId}, ${id}, ${parentId}, ${parentId === null ? '1.' : '1.2.'}, ${parentId === null ? 0 : 1}, 'Panel', now())`;
  }

  async function purchase(tenantId: string): Promise<string> {
    const id = uuidv7();
    await sql`
      INSERT INTO purchase (tenant_id, id, buyer_id, quantity, total_minor, currency, provider, status, created_by, created_at, expires_at)
      VALUES (${tenantId}, ${id}, ${tenantId}, 10, 0, 'BRL', 'MANUAL', 'PENDING', ${tenantId}, now(), now())`;
    return id;
  }

  const change = (tenantId: string, id: string) =>
    sql`UPDATE purchase SET total_minor = total_minor + 1 WHERE tenant_id = ${tenantId} AND id = ${id}`;
  const queued = async () => (await admin`SELECT FROM webhook_change`).count;

  /** Deliveries in the order in which each tenant's are delivered. */
  function deliveries(of = tenants): Promise<Delivery[]> {
    return admin<Delivery[]>`
      SELECT tenant_id AS "tenantId", event, subject, version FROM webhook_delivery
      WHERE tenant_id = ANY (${`{${of.join(',')}}`}::uuid[]) ORDER BY tenant_id, position`;
  }

  test('a change is announced once in each tenant with the current state, whoever looks at once', async () => {
    const expected: Delivery[] = [];
    for (const tenantId of tenants) {
      const [bought, child] = [await purchase(tenantId), uuidv7()];
      await change(tenantId, bought);
      await panel(tenantId, child, tenantId);
      expected.push(
        { tenantId, event: 'PURCHASE_CHANGED', subject: `purchase ${bought}`, version: 2 },
        { tenantId, event: 'RESELLER_CREATED', subject: `reseller ${child}`, version: 1 },
      );
    }
    expect((await Promise.all([follow(), follow(), follow()])).includes(true)).toBe(true);
    await until(async () => !(await follow()) && (await queued()) === 0);
    expect(await deliveries()).toEqual(expected);
  });

  test('a later change has a later version, after the earlier ones; a status is announced only for a known panel', async () => {
    const [tenantId = ''] = tenants;
    const bought = await purchase(tenantId);
    await follow();
    await change(tenantId, bought);
    await sql`UPDATE reseller SET suspended_at = now() WHERE tenant_id = ${tenantId} AND id = ${tenantId}`;
    await sql`UPDATE reseller SET name = 'Renamed' WHERE tenant_id = ${tenantId} AND id = ${tenantId}`;
    await follow();
    expect((await deliveries()).map(({ event, version }) => `${event} ${version}`)).toEqual([
      'PURCHASE_CHANGED 1',
      'PURCHASE_CHANGED 2',
      'RESELLER_STATUS_CHANGED 2',
    ]);
  });

  test('a rolled-back change is never announced, and without an endpoint nothing stays in the queue', async () => {
    const [tenantId = ''] = tenants;
    const bought = await purchase(tenantId);
    await follow();
    await sql
      .begin(async (tx) => {
        await tx`UPDATE purchase SET total_minor = 7 WHERE tenant_id = ${tenantId} AND id = ${bought}`;
        throw new Error('taken back');
      })
      .catch(() => {});
    expect(await queued()).toBe(0);
    await sql`UPDATE webhook_endpoint SET removed_at = now() WHERE tenant_id = ${tenantId}`;
    await change(tenantId, bought);
    expect(await queued()).toBe(1);
    expect(await follow()).toBe(false);
    expect(await queued()).toBe(0);
    expect(await deliveries()).toMatchObject([{ version: 1 }]);
  });

  test('a follower that dies within a tenant has announced nothing of it, and the next one announces everything', async () => {
    const [tenantId = ''] = tenants;
    const bought = [await purchase(tenantId), await purchase(tenantId)].sort();
    const mortal = openSql(database.url, { name: 'mortal follower', max: 1, role: 'revenda_app' });
    try {
      // It has read the queue, and waits for the endpoint's lock.
      const { release } = await hold(stranger, (tx) => tx`SELECT FROM webhook_endpoint WHERE tenant_id = ${tenantId} FOR UPDATE`);
      const dying = follow(mortal).catch((error: unknown) => String(error));
      await until(async () => {
        const { count } = await admin`
          SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'mortal follower' AND query LIKE '%webhook_endpoint e%' AND state = 'active'`;
        return count > 0;
      });
      expect(await dying).toMatch(/terminating|CONNECTION/);
      await release();
    } finally {
      await mortal.end({ timeout: 0 });
    }
    expect(await deliveries()).toEqual([]);
    // The worker itself notices that the session has ended.
    await until(async () => {
      await follow();
      return (await queued()) === 0;
    });
    expect((await deliveries()).map(({ subject, version }) => `${subject} ${version}`)).toEqual(bought.map((id) => `purchase ${id} 1`));
  });

  test('changes made while their shard moves to another node are each announced once, in order', async () => {
    const bought = new Map(await Promise.all(tenants.map(async (tenantId) => [tenantId, await purchase(tenantId)] as const)));
    let isMoved = false;
    const buyer = async (tenantId: string, id: string) => {
      for (let changes = 0; changes < CHANGES || !isMoved; ) {
        // A change that the move blocks for too long is retried.
        const { count } = await change(tenantId, id).catch(() => ({ count: 0 }));
        changes += count;
      }
    };
    const mover = async () => {
      for (const tenantId of tenants) await moveTenant(admin, tenantId);
      isMoved = true;
    };
    const follower = async () => {
      while (!isMoved) await follow().catch(() => false);
    };
    await Promise.all([...[...bought].map(([tenantId, id]) => buyer(tenantId, id)), mover(), follower(), follower()]);
    await until(async () => !(await follow()) && (await queued()) === 0);
    for (const [tenantId, id] of bought) {
      const [last] = await admin`SELECT revision FROM purchase WHERE tenant_id = ${tenantId} AND id = ${id}`;
      const versions = (await deliveries([tenantId])).map(({ version }) => version);
      expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
      expect(versions.at(-1)).toBe(last?.revision);
    }
  });
});
