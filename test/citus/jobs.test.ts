import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openSql, type Sql } from '../../src/db/sql.ts';
import { changeScreens, endTerms } from '../../src/domain/access/end-terms.ts';
import { giveAccess } from '../../src/domain/access/give-access.ts';
import { numberEvents } from '../../src/domain/access/number-events.ts';
import { resealAccess } from '../../src/domain/access/reseal-access.ts';
import { rekeyCustomers, rekeyTrials } from '../../src/domain/customer/rekey-contacts.ts';
import { followAccess } from '../../src/domain/endpoint/follow-access.ts';
import { followAccounts } from '../../src/domain/endpoint/follow-accounts.ts';
import { followReminders } from '../../src/domain/endpoint/follow-reminders.ts';
import { resealEndpoints } from '../../src/domain/endpoint/reseal-secrets.ts';
import { countWaiting, sweepDeliveries } from '../../src/domain/endpoint/sweep.ts';
import { takeEndpoints } from '../../src/domain/endpoint/turn-rows.ts';
import { sweepImports } from '../../src/domain/imports/sweep-imports.ts';
import { takeImport } from '../../src/domain/imports/taken.ts';
import { makeMessages } from '../../src/domain/reminder/make-messages.ts';
import { sweepMessages } from '../../src/domain/reminder/sweep-messages.ts';
import { resealLinks } from '../../src/domain/renewal/reseal-links.ts';
import { createSecretBox } from '../../src/kernel/secrets.ts';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import { deleteDead, insertMessage, takeHead, takeLanes } from '../../src/outbox/rows.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';

const TENANTS = [uuidv7(), uuidv7(), uuidv7()];

describe.skipIf(inject('topology') !== 'citus')('background jobs of a distributed database', () => {
  let database: TestDatabase;
  let admin: Sql;
  let sql: Sql;
  const ports = () => ({ sql, topology: 'citus', secrets: createSecretBox([Buffer.alloc(32, 1)]) }) as const;

  beforeAll(async () => {
    database = await createDatabase();
    admin = openSql(database.url, { name: 'test', max: 1, role: null });
    sql = openSql(database.url, { name: 'test world', max: 4, role: 'revenda_app' });
    for (const id of TENANTS) {
      await admin`INSERT INTO tenant (id, name, created_at) VALUES (${id}, 'T', now())`;
      await admin`
        INSERT INTO reseller (tenant_id, id, path, depth, name, created_at) VALUES (${id}, ${id}, '1.', 0, 'Root', now())`;
      await admin`
        INSERT INTO customer (tenant_id, id, reseller_id, name, search_key, contact_key_version, screens, next_screens, expires_at, created_at, is_trial, credits_spent)
        VALUES (${id}, ${id}, ${id}, 'C', 'c', 0, 1, 1, now() - interval '1 day', now() - interval '9 days', false, 1)`;
      await admin`
        INSERT INTO webhook_endpoint (tenant_id, id, reseller_id, url, scope, events, secret, created_at, access_version, accounts_since)
        VALUES (${id}, ${id}, ${id}, 'https://x.test', 'TENANT', '{CUSTOMER_EXPIRED}', 'x', now(), 0, now() - interval '1 hour')`;
      await admin`
        INSERT INTO reminder_rule (tenant_id, reseller_id, rule, position, days_from_end, hour, channel, template, next_at)
        VALUES (${id}, ${id}, 'D1 QUEUE', 1, 1, 0, 'QUEUE', 'x', now() - interval '1 minute')`;
    }
  });

  afterAll(async () => {
    await sql.end();
    await admin.end();
    await database.drop();
  });

  test('an end is announced once in each tenant, numbered and delivered to its endpoint, whoever looks at once', async () => {
    await Promise.all([giveAccess(ports()), giveAccess(ports())]);
    await Promise.all([endTerms(ports()), endTerms(ports())]);
    await changeScreens(ports());
    while ((await numberEvents(ports())) > 0);
    const ended = await admin`SELECT tenant_id, count(*)::integer AS ended FROM access_event WHERE event = 'CUSTOMER_EXPIRED' GROUP BY 1`;
    expect(ended.map(({ ended: times }) => times)).toEqual([1, 1, 1]);
    expect(await followAccess(ports(), (_, { id }) => id)).toBe(true);
    expect(await followAccess(ports(), (_, { id }) => id)).toBe(false);
    const [first, second] = await Promise.all([1, 2].map(() => takeEndpoints(ports(), { limit: 10, leaseMs: 60_000, takenBy: uuidv7() })));
    expect([...(first ?? []), ...(second ?? [])].map(({ tenantId }) => tenantId).sort()).toEqual(TENANTS);
  });

  test('a message of the outbox is taken by one worker', async () => {
    const lane = { tenantId: TENANTS[0] ?? '', channel: 'mail', lane: 'l', target: 't' };
    await sql.begin((tx) => insertMessage(tx, { ...lane, id: uuidv7(), body: 'x', expiresInMs: null }));
    const taking = { channels: ['mail'], busyTargets: [], leaseMs: 60_000, limit: 4 };
    const taken = await Promise.all([1, 2].map(() => takeLanes(sql, { ...taking, takenBy: uuidv7() }, 'citus')));
    expect(taken.flat()).toMatchObject([lane]);
    expect(await takeHead(sql, lane)).toMatchObject({ attempt: 1, body: 'x', isExpired: false });
    await deleteDead(sql, 1, 10, 'citus');
  });

  test('rules move to their next day, and sweeps find nothing that is young', async () => {
    while (await makeMessages(ports()));
    const rules = await admin`SELECT next_at > now() AS later FROM reminder_rule`;
    expect(rules.map(({ later }) => later)).toEqual([true, true, true]);
    expect(await takeImport(ports(), uuidv7(), 1_000)).toBeNull();
    await sweepImports(ports());
    await sweepMessages(ports());
    await sweepDeliveries(ports());
    await rekeyTrials(ports());
    await rekeyCustomers(ports());
    expect(await admin`SELECT FROM webhook_delivery`).toHaveLength(TENANTS.length);
    expect(await countWaiting(ports())).toBe(TENANTS.length);
  });

  test('a newer key reseals the secrets of customers in every tenant, and the other sealed values are checked', async () => {
    const secrets = createSecretBox([Buffer.alloc(32, 2), Buffer.alloc(32, 1)]);
    await resealAccess({ ...ports(), secrets });
    await resealLinks({ ...ports(), secrets });
    await resealEndpoints({ sql, secrets });
    const sealed = await admin<{ secret: string }[]>`SELECT secret FROM customer_access`;
    expect(sealed.map(({ secret }) => secrets.isNewest(secret))).toEqual([true, true, true]);
  });

  test('accounts and reminders are followed in every tenant, and there is nothing new', async () => {
    const writeId = (_: string, { id }: { readonly id: string }) => id;
    expect(await followAccounts(ports(), writeId, { tenants: true })).toBe(false);
    expect(await followReminders(ports(), writeId)).toBe(false);
  });
});
