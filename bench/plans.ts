/** Prints what the reads of a large tenant cost the database. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../src/db/embedded/start.ts';
import { migrate } from '../src/db/migrate.ts';
import { openLargeTenant, type WorkedStatement } from './large-tenant.ts';

/** Prints what reads cost the database in a tenant of 100,000 panels: `node bench/plans.ts`; `--plans` also prints the plans. */
const ROUNDS = 15;

const dataDir = await mkdtemp(join(tmpdir(), 'revenda-plans-'));
const postgres = await startEmbedded({ dataDir, durable: false });
try {
  await migrate(postgres.url);
  const tenant = await openLargeTenant(postgres.url);
  for (const [name, document] of Object.entries(documents(tenant.branchId))) {
    let best: WorkedStatement[] = [];
    let bestMs = Number.POSITIVE_INFINITY;
    for (let round = 0; round < ROUNDS; round += 1) {
      const worked = await tenant.ask(document);
      const ms = worked.reduce((sum, statement) => sum + statement.ms, 0);
      if (ms < bestMs) [best, bestMs] = [worked, ms];
    }
    process.stdout.write(`${bestMs.toFixed(2).padStart(8)} ms  ${best.length} statements  ${name}\n`);
    if (process.argv.includes('--plans')) for (const { plan } of best) process.stdout.write(`${plan}\n`);
  }
  await tenant.close();
} finally {
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
}

function documents(branchId: string) {
  const panel = 'edges { node { id name depth account { balance locked } } }';
  const month = 'from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z"';
  return {
    'a page of 50 children': `{ viewer { reseller { children(first: 50) { ${panel} } } } }`,
    'a page of 50 children with branch sums': `{ viewer { reseller { children(first: 50) { edges { node { name branch { creditsHeld } } } } } } }`,
    'a page of 50 descendants of the root': `{ viewer { reseller { descendants(first: 50) { ${panel} } } } }`,
    'a page of 50 descendants of a branch of 1,000': `{ reseller(id: "${branchId}") { descendants(first: 50) { ${panel} } } }`,
    'the last 50 descendants of the root': `{ viewer { reseller { descendants(last: 50) { ${panel} } } } }`,
    'a search among 100,000 that finds nothing': `{ viewer { reseller { descendants(first: 50, search: "xyz") { ${panel} } } } }`,
    'the sums of a branch of 1,000': `{ reseller(id: "${branchId}") { branch { resellers lockedResellers creditsHeld creditsConsumed } } }`,
    'the sums of the whole tree': '{ viewer { reseller { branch { resellers lockedResellers creditsHeld creditsConsumed } } } }',
    'a page of 50 of a statement of 100,000':
      '{ viewer { reseller { account { statement(first: 50) { edges { node { id delta transfer { kind } } } } } } } }',
    'a month of it': `{ viewer { reseller { account { statement(first: 50, ${month}) { edges { node { id delta } } } } } } }`,
    'the balance at a time': '{ viewer { reseller { account { balanceAt(time: "2026-01-01T00:00:00Z") } } } }',
  };
}
