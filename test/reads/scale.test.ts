import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LargeTenant, openLargeTenant, type WorkedStatement } from '../../bench/large-tenant.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';

// Pages are counted rather than milliseconds: they are the same on any machine, however busy. A page that is in memory takes
// about a microsecond, with the rows on it.
let database: TestDatabase;
let tenant: LargeTenant;

beforeAll(async () => {
  database = await createDatabase();
  tenant = await openLargeTenant(database.url);
});

afterAll(async () => {
  await tenant.close();
  await database.drop();
});

/**
 * The statements that answer the document once plans are settled: after five executions Postgres may choose a plan
 * for any arguments.
 */
async function worked(document: string): Promise<WorkedStatement[]> {
  for (let round = 0; round < 7; round += 1) await tenant.ask(document);
  return tenant.ask(document);
}

async function pagesOf(document: string): Promise<number> {
  return (await worked(document)).reduce((sum, { pages }) => sum + pages, 0);
}

const PANEL = 'edges { node { id name depth account { balance locked } } }';

test('in a tenant of 100,000 panels a page of 50 reads hundreds of pages of data, not the whole tree', async () => {
  expect(await pagesOf(`{ viewer { reseller { children(first: 50) { ${PANEL} } } } }`)).toBeLessThan(600);
  for (const order of ['NEWEST', 'NAME'])
    expect(await pagesOf(`{ viewer { reseller { children(last: 50, order: ${order}) { ${PANEL} } } } }`)).toBeLessThan(600);
  for (const args of ['first: 50', 'last: 50']) {
    expect(await pagesOf(`{ viewer { reseller { descendants(${args}) { ${PANEL} } } } }`)).toBeLessThan(600);
    expect(await pagesOf(`{ reseller(id: "${tenant.branchId}") { descendants(${args}) { ${PANEL} } } }`)).toBeLessThan(600);
  }
});

test('the sums of a branch look up its panels, those of the whole tree read the accounts once', async () => {
  const sums = 'branch { resellers lockedResellers creditsHeld creditsConsumed }';
  expect(await pagesOf(`{ reseller(id: "${tenant.branchId}") { ${sums} } }`)).toBeLessThan(6_000);
  // Looked up one by one, 50,500 panels would be 214,000 pages.
  const children = 'children(first: 50) { edges { node { branch { creditsHeld activeCustomers } } } }';
  expect(await pagesOf(`{ viewer { reseller { ${children} } } }`)).toBeLessThan(30_000);
  const whole = await worked(`{ viewer { reseller { ${sums} } } }`);
  expect(whole.reduce((sum, { pages }) => sum + pages, 0)).toBeLessThan(6_000);
});

test('a statement of 100,000 entries, even of a month, and the balance at a time read only their page', async () => {
  const statement = (args: string) =>
    `{ viewer { reseller { account { statement(${args}) { edges { node { id delta transfer { kind } } } } } } } }`;
  expect(await pagesOf(statement('first: 50'))).toBeLessThan(600);
  expect(await pagesOf(statement('first: 50, to: "2026-11-01T00:00:00Z"'))).toBeLessThan(800);
  expect(await pagesOf('{ viewer { reseller { account { balanceAt(time: "2026-11-01T00:00:00Z") } } } }')).toBeLessThan(200);
});
