import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { ledgerHealth } from '../../src/ledger/health.ts';
import { type ServerProcess, startProcess } from '../support/processes/processes.ts';
import { nextVersion, previousVersion } from '../support/processes/versions.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { createBareDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { type Demo, issue, plantDemo, platformIdOf } from '../support/worlds/demo.ts';
import { hasSeenAll, Load, postedByKeys, watch } from './upgrade-load.ts';

const THIS_VERSION = fileURLToPath(new URL('../..', import.meta.url));
const CREDITS = 1_000_000;
const NEXT = '20990101000000_next';

/** Each kind of change that a migration may make (CONTRIBUTING, "A migration"), on the tables that every batch uses. */
const EXPANDS = `
  ALTER TABLE account ADD COLUMN next_text text, ADD COLUMN next_number bigint NOT NULL DEFAULT 7;
  ALTER TABLE customer ADD COLUMN next_flag boolean NOT NULL DEFAULT false;
  ALTER TABLE reseller ADD COLUMN next_id uuid;
  ALTER TABLE transfer ADD COLUMN next_note text;
  ALTER TABLE entry ADD COLUMN next_note text;
  ALTER TABLE tenant ADD COLUMN next_rule smallint NOT NULL DEFAULT 1 CHECK (next_rule BETWEEN 1 AND 3);
  ALTER TABLE app_user ADD COLUMN next_text text;
  CREATE TABLE next_table (tenant_id uuid, id uuid, PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id) REFERENCES tenant (id));
  GRANT SELECT, INSERT ON next_table TO revenda_app;`;

const databases: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const drop of databases) await drop();
});

interface Scene {
  readonly database: TestDatabase;
  readonly sql: Sql;
  readonly old: ServerProcess;
  readonly demo: Demo;
  readonly load: Load;
  /** The versions of Ana's account that the old server sent. */
  readonly seen: readonly number[];
}

/** A server of the version in this folder, which creates its database, and callers that never run out of credits. */
async function openScene(root: string): Promise<Scene> {
  const database = await createBareDatabase();
  const sql = openTestSql(database.url, { max: 2 });
  databases.push(async () => {
    // A failed test may have left a transaction open.
    await sql.end({ timeout: 5 });
    await database.drop();
  });
  const old = await startProcess(database.url, {}, root);
  const demo = await plantDemo(old.client);
  await issue(old.client, demo.platform, await platformIdOf(old.client, demo.platform, 'root'), CREDITS, 'for the load');
  const seen = watch(old.client, demo.ana.token);
  const load = new Load(demo, [old.client.origin]);
  await load.goesOn();
  return { database, sql, old, demo, load, seen };
}

/** Checks that acknowledged rows exist once, without others, and that every subscriber got each version once. */
async function expectWhole({ demo, load, sql }: Scene, watchers: readonly (readonly number[])[]): Promise<void> {
  await load.stop();
  expect(load.wrong).toEqual([]);
  expect(await postedByKeys(sql)).toEqual([...load.acknowledged].sort());
  for (const seen of watchers) expect(await hasSeenAll(sql, demo.ana.accountId, seen)).toBe(true);
  expect(await ledgerHealth(sql, null)).toMatchObject({ ok: true, problems: [] });
}

const errorsOf = ({ output }: ServerProcess) => output.filter((line) => /"level":[56]0/.test(line));

async function end(server: ServerProcess): Promise<void> {
  server.signal('SIGTERM');
  expect(await server.exited).toBe(0);
  expect(errorsOf(server)).toEqual([]);
}

async function isApplied(sql: Sql, name: string): Promise<boolean> {
  return (await sql`SELECT FROM _prisma_migrations WHERE migration_name = ${name}`).count === 1;
}

test('the next version migrates under load despite a reader, both versions serve, and a downgrade is possible', async () => {
  const after = await nextVersion(NEXT, EXPANDS);
  const scene = await openScene(THIS_VERSION);
  const { database, load, old, sql } = scene;

  // A long export or report: the migration waits for it, and nobody waits behind the migration.
  const read = Promise.withResolvers<void>();
  const reading = sql.begin('ISOLATION LEVEL REPEATABLE READ READ ONLY', async (tx) => {
    await tx`SELECT FROM account, customer LIMIT 1`;
    await read.promise;
  });
  const waits = () => sql`SELECT FROM pg_stat_activity WHERE application_name = 'revenda migrate' AND wait_event_type = 'Lock'
    AND datname = current_database()`;
  const meanwhile = async () => {
    await until(async () => (await waits()).count > 0);
    await load.goesOn();
    expect(await isApplied(sql, NEXT)).toBe(false);
    read.resolve();
  };
  const [next] = await Promise.all([startProcess(database.url, {}, after), meanwhile(), reading]);
  expect(next.output.join('\n')).toContain(`the migration ${NEXT} waits for locks of other sessions`);

  const seen = watch(next.client, scene.demo.ana.token);
  load.origins = [old.client.origin, next.client.origin];
  await load.goesOn();
  load.origins = [next.client.origin];
  const seenByOld = scene.seen.length;
  await end(old);
  await load.goesOn();

  // The way back: a process of the previous version starts on the database that the next one migrated.
  const back = await startProcess(database.url, {}, THIS_VERSION);
  expect(back.output.join('\n')).toContain(`the database is newer than this server, but can be served: it has the migrations ${NEXT}`);
  const seenBack = watch(back.client, scene.demo.ana.token);
  load.origins = [back.client.origin];
  await end(next);
  await load.goesOn();
  await expectWhole(scene, [seenBack]);
  // A subscriber of a server that ended got every version up to then, once.
  for (const told of [scene.seen.slice(0, seenByOld), seen]) expect(told).toEqual(told.map((_, index) => index + 1));
  await end(back);
});

test("the previous version's code and this version serve one database while this version migrates it", async () => {
  const before = await previousVersion();
  if ('missing' in before) {
    // Then only the test above runs: this version as the previous one, and a stand-in as the next.
    console.warn(`The previous version is not tested with its own code: ${before.missing}.`);
    return;
  }
  const scene = await openScene(before.root);
  const { database, load, old } = scene;
  const [now] = await Promise.all([startProcess(database.url), load.goesOn()]);
  const seen = watch(now.client, scene.demo.ana.token);
  load.origins = [old.client.origin, now.client.origin];
  await load.goesOn(100);
  await expectWhole(scene, [scene.seen, seen]);
  await end(old);
  expect(await now.client.query(scene.demo.ana, '{ viewer { role } }')).toMatchObject({ viewer: { role: 'OWNER' } });
  await end(now);
});
