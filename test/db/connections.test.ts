import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPrisma, type PrismaClient } from '../../src/db/prisma.ts';
import { LOCK_TIMEOUT_MS, STATEMENT_TIMEOUT_MS } from '../../src/db/session-settings.ts';
import { openSql, type Sql } from '../../src/db/sql.ts';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import { startCountingProxy } from '../support/processes/counting-proxy.ts';
import { PATIENCE_MS } from '../support/until.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';

const TENANT = uuidv7();
const ROOT = uuidv7();
const CHILDREN = Array.from({ length: 5 }, () => uuidv7()).sort();
/** Above 2^53, where a floating-point number would be rounded. The database refuses it as a balance but not as a literal. */
const LARGE = 9_007_199_254_740_993n;

let database: TestDatabase;
let app: Sql;
let prisma: PrismaClient;

beforeAll(async () => {
  database = await createDatabase();
  app = openSql(database.url, { name: 'test app', max: 2, role: 'revenda_app' });
  prisma = openPrisma(database.url, { name: 'test prisma', max: 2 });
  await app`INSERT INTO tenant VALUES (${TENANT}, 'Tenant', now())`;
  const rows = [ROOT, ...CHILDREN].map((id, index) => ({
    tenant_id: TENANT,
    id,
    parent_id: index === 0 ? null : ROOT,
    path: index === 0 ? '1.' : `1.${index}.`,
    depth: index === 0 ? 0 : 1,
    name: `Panel ${index}`,
    created_at: new Date(),
  }));
  await app`INSERT INTO reseller ${app(rows)}`;
  const accounts = rows.map(({ tenant_id, id, created_at }) => ({
    tenant_id,
    id,
    balance: Number.MAX_SAFE_INTEGER,
    version: 1,
    changed_at: created_at,
  }));
  await app`INSERT INTO account ${app(accounts)}`;
});

afterAll(async () => {
  await prisma.$disconnect();
  await app.end();
  await database.drop();
});

test('every connection of both clients assumes its role, has the time-outs, uses UTC and compiles no statement', async () => {
  const settings = {
    lock: `${LOCK_TIMEOUT_MS}ms`,
    statement: `${STATEMENT_TIMEOUT_MS / 1000}s`,
    idle: '5s',
    zone: 'UTC',
    jit: 'off',
  };
  const query = `SELECT current_user AS role, current_setting('lock_timeout') AS lock, current_setting('statement_timeout') AS statement,
    current_setting('idle_in_transaction_session_timeout') AS idle, current_setting('TimeZone') AS zone, current_setting('jit') AS jit,
    current_setting('default_transaction_read_only') AS "readOnly", current_setting('application_name') AS name`;
  expect(await app.unsafe(query)).toEqual([{ ...settings, role: 'revenda_app', readOnly: 'off', name: 'test app' }]);
  expect(await prisma.$queryRawUnsafe(query)).toEqual([{ ...settings, role: 'revenda_read', readOnly: 'on', name: 'test prisma' }]);
});

const NEW_TENANT = {
  name: 'x',
  createdAt: new Date(),
  trialMaxHours: 24,
  trialQuota: 25,
  reclaimAllowed: false,
  purchaseSource: 'PLATFORM',
  refundPolicy: 'NONE',
  minimumTransfer: 1n,
  timeZone: 'UTC',
} as const;

test('no kind of write passes through Prisma', async () => {
  const id = { tenantId_id: { tenantId: TENANT, id: ROOT } };
  const refused = /read-only transaction|permission denied/;
  await expect(prisma.tenant.create({ data: { ...NEW_TENANT, id: uuidv7() } })).rejects.toThrow(refused);
  await expect(prisma.account.update({ where: id, data: { balance: 1n } })).rejects.toThrow(refused);
  await expect(prisma.account.updateMany({ data: { debt: 1n } })).rejects.toThrow(refused);
  await expect(prisma.reseller.delete({ where: id })).rejects.toThrow(refused);
  await expect(prisma.session.deleteMany()).rejects.toThrow(refused);
  await expect(prisma.$executeRaw`UPDATE account SET balance = 1`).rejects.toThrow(refused);
  await expect(prisma.$executeRaw`SET TRANSACTION READ WRITE; UPDATE account SET balance = 1`).rejects.toThrow();
  const patience = { maxWait: PATIENCE_MS, timeout: PATIENCE_MS };
  const insist = prisma.$transaction(async (tx) => {
    await tx.$executeRaw`SET TRANSACTION READ WRITE`;
    await tx.$executeRaw`UPDATE account SET balance = 1`;
  }, patience);
  await expect(insist).rejects.toThrow(/permission denied/);
});

test('Prisma finds by composite key, keeps bigints exact, and reads a nested page in one statement', async () => {
  const proxy = await startCountingProxy(database.url);
  const counted = openPrisma(proxy.url, { name: 'test prisma', max: 1 });
  await counted.$queryRaw`SELECT 1`;
  const before = proxy.statements();
  const root = await counted.reseller.findUniqueOrThrow({
    where: { tenantId_id: { tenantId: TENANT, id: ROOT } },
    include: { account: true, children: { take: 2, orderBy: { id: 'asc' }, include: { account: true } } },
  });
  expect(proxy.statements() - before).toBe(1);
  await counted.$disconnect();
  await proxy.close();
  expect(root.account?.balance).toBe(BigInt(Number.MAX_SAFE_INTEGER));
  expect(root.children.map(({ id }) => id)).toEqual(CHILDREN.slice(0, 2));
  expect(root.children[0]?.account?.balance).toBe(BigInt(Number.MAX_SAFE_INTEGER));
  expect(await prisma.$queryRaw`SELECT ${LARGE}::bigint AS large`).toEqual([{ large: LARGE }]);
});

test('postgres.js returns bigints as numbers and accepts them', async () => {
  expect(await app`SELECT ${Number.MAX_SAFE_INTEGER}::bigint AS large, balance FROM account LIMIT 1`).toEqual([
    { large: Number.MAX_SAFE_INTEGER, balance: Number.MAX_SAFE_INTEGER },
  ]);
});

test('a query that fails after its first rows leaves none of them in the answer to the next', async () => {
  const sql = openSql(database.url, { name: 'test rows', max: 1, role: 'revenda_app' });
  await expect(sql`SELECT 10 / (5 - n) AS share FROM generate_series(1, 10) n`).rejects.toMatchObject({ code: '22012' });
  expect([...(await sql`SELECT 1 AS one`)]).toEqual([{ one: 1 }]);
  await sql.end();
});
