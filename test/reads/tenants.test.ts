import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { OBJECT_FIELDS } from '../api/gate-rules.ts';
import { namesOf, OWNERS_WITNESSES, selection, witness } from '../api/gate-witnesses.ts';
import { GateWorld } from '../api/gate-world.ts';
import { TENANT_TABLES } from '../house/sql-tables.ts';
import { namingOf } from '../house/sql-tenants.ts';
import { type CountingProxy, startCountingProxy } from '../support/processes/counting-proxy.ts';
import { createDemoDatabase, type DemoDatabase } from '../support/worlds/planted-demo.ts';

let database: DemoDatabase;
let proxy: CountingProxy;
let world: GateWorld;

beforeAll(async () => {
  database = await createDemoDatabase();
  proxy = await startCountingProxy(database.url);
  world = await GateWorld.open({ url: proxy.url, demo: database.demo });
});

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await proxy?.close();
  await database?.drop();
});

/** Statements in Prisma's form; test/house/tenants.test.ts reads the others in the source. */
const byPrisma = () => [...proxy.texts].filter((text) => text.includes('FROM "public".'));

/** Statements that name no tenant or several, with the reason (ADR-0119). */
const KNOWN: readonly (readonly [string, RegExp])[] = [
  ['the platform lists its tenants, as their roots', /FROM "public"\."reseller" AS "t0" WHERE "t0"\."parent_id" IS NULL ORDER BY/],
  [
    'the platform lists what it has sold, or settles for a closed panel, in every tenant',
    /FROM "public"\."purchase" .* WHERE \("t0"\."seller_id" IS NULL OR/,
  ],
  [
    'rows of one answer are read together, each by its tenant and id',
    /WHERE \((?:(?: OR )?\("t0"\."tenant_id" = \$\d+ AND "t0"\."id" = \$\d+\))+\)$/,
  ],
];

test('every Prisma statement for any field of the schema names its tenant for each table it reads', async () => {
  for (const viewer of ['ROOT_OWNER', 'OWNER', 'PLATFORM'] as const) {
    for (const [type, rule] of Object.entries(OBJECT_FIELDS)) {
      const fields = selection(type, namesOf(rule, 'open', 'closed', 'beyond', 'owners', 'sellers'));
      const document = witness(type, fields, viewer === 'PLATFORM' ? world.rootForPlatform : null) ?? OWNERS_WITNESSES[type]?.(fields);
      if (document) await world.ask(world.tokens[viewer], document);
    }
  }
  expect(byPrisma().length).toBeGreaterThan(25);
  const unnamed = byPrisma().filter((sql) => namingOf(sql, TENANT_TABLES) !== 'one');
  expect(unnamed.filter((sql) => !KNOWN.some(([, form]) => form.test(sql)))).toEqual([]);
  // A distributed database gets one statement for each tenant of an answer.
  if (inject('topology') !== 'single') return;
  for (const [reason, form] of KNOWN)
    expect(
      unnamed.some((sql) => form.test(sql)),
      reason,
    ).toBe(true);
});
