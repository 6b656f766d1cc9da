/** The suite on reads of a large tenant. */

import { httpCell, openHttpClient, targetOf } from '../http-client.ts';
import { fillLargeTenant, LARGE_TENANT_SQL, ROOT } from '../large-tenant.ts';
import { cellsTable, type Goal, outcomesOf, rates, type Section } from '../report.ts';
import { type Cell, runOnce, runRounds } from '../rounds.ts';
import { openServer, type Server } from '../server.ts';
import { signInAll } from '../signed-in.ts';
import type { Bench } from './suite.ts';

const CONNECTIONS = 16;
const ENTRIES = 1_000_000;
const QUICK_ENTRIES = 100_000;

const OURS = 'Revenda';
const POSTGRAPHILE = 'PostGraphile 5';
const PAGES = ['children', 'statement'] as const;
type Page = (typeof PAGES)[number];

const cellName = (page: Page, who: string) => `a page of 50 of ${page === 'children' ? 'the children' : 'the statement'}: ${who}`;

const DOCUMENTS: Readonly<Record<Page, { readonly ours: string; readonly postgraphile: string }>> = {
  children: {
    ours: `{ viewer { reseller { children(first: 50) { edges { node {
      id name account { balance version locked } branch { resellers lockedResellers creditsHeld creditsConsumed }
    } } } } } }`,
    postgraphile: `{ allResellers(condition: { tenantId: "${ROOT.tenantId}", parentId: "${ROOT.id}" }, first: 50, orderBy: ROW_ID_ASC) { nodes {
      id name accountByTenantIdAndRowId { balance version locked } branch { resellers lockedResellers creditsHeld creditsConsumed }
    } } }`,
  },
  statement: {
    ours: `{ viewer { reseller { account { statement(first: 50) { edges { node {
      version delta balanceAfter createdAt transfer { kind amount memo }
    } } } } } } }`,
    postgraphile: `{ allEntries(condition: { tenantId: "${ROOT.tenantId}", accountId: "${ROOT.id}" }, first: 50, orderBy: VERSION_DESC) { nodes {
      version delta balanceAfter createdAt transfer { kind amount memo }
    } } }`,
  },
};

const EXPECTED: Readonly<Record<Page, string>> = { children: '"creditsHeld"', statement: '"balanceAfter"' };

const WORK: Readonly<Record<Page, string>> = {
  children: 'children page of 50 with account and branch sum, 100,000 panels, over HTTP',
  statement: 'statement page of 50 over an account with 1,000,000 entries',
};

const GOALS: readonly Goal[] = PAGES.map((page) => ({
  what: WORK[page],
  against: POSTGRAPHILE,
  over: cellName(page, OURS),
  under: [cellName(page, POSTGRAPHILE)],
  floor: 1,
  goal: 2,
}));

/** Reads pages of a large tenant, in its own database. */
export async function reads(bench: Bench): Promise<readonly Section[]> {
  const url = await bench.database('large', true);
  await fillLargeTenant(url, bench.isQuick ? QUICK_ENTRIES : ENTRIES, LARGE_TENANT_SQL);
  const sessions = await signInAll(url, [ROOT]);
  const token = sessions[0]?.[0] ?? '';
  const client = openHttpClient();
  const servers: Server[] = [];
  const cells: Cell[] = [];
  const add = async (who: string, server: Server, documentOf: (page: Page) => string) => {
    servers.push(server);
    for (const page of PAGES) {
      const any = [targetOf('/graphql', token, JSON.stringify({ query: documentOf(page) }))];
      const targets = await client.targets({ port: server.port, any, hot: [], expect: EXPECTED[page] });
      cells.push(httpCell(cellName(page, who), null, { client, server, targets, connections: CONNECTIONS }));
    }
  };
  try {
    const setup = { url, sessions, options: { schemas: 'public' } };
    await add(OURS, await openServer('./servers/revenda.ts', setup), (page) => DOCUMENTS[page].ours);
    if (bench.hasPeers) {
      const server = await openServer('./peers/postgraphile.ts', setup);
      await add(POSTGRAPHILE, server, (page) => DOCUMENTS[page].postgraphile);
    }
    for (const cell of cells) await runOnce(cell, { ...bench.rounds, warmUpMs: 0 });
    const results = await runRounds(cells, bench.rounds);
    const text = `${CONNECTIONS} connections.\n\n${cellsTable(results, 'pages')}`;
    return [{ id: 'reads', title: 'Reads of a tenant with 100,001 panels', text, outcomes: outcomesOf(rates(results), GOALS) }];
  } finally {
    for (const server of servers) await server.close();
    await client.close();
  }
}
