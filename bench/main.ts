/**
 * `npm run bench`: measures Revenda and its peers on one durable embedded Postgres. Only ratios within a run mean
 * anything, so the cells of a round run one after another, round after round. The exit code reports errors only; missed
 * floors are printed.
 *
 * `--quick`: shorter windows and smaller worlds; writes nothing.
 * `--only transfers,customers,sockets,reads,growth,open-loop,access,imports,imports-large,reminders,processes`: runs only
 * these suites. Without it the first four run.
 * `--pgledger <folder>`: also measures a clone of pgledger.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbedded } from '../src/db/embedded/start.ts';
import { migrate } from '../src/db/migrate.ts';
import { openSql } from '../src/db/sql.ts';
import { ledgerHealth } from '../src/ledger/health.ts';
import { goalsTable, type Section } from './report.ts';
import { keepResults } from './results.ts';
import { access } from './suites/access.ts';
import { customers } from './suites/customers.ts';
import { growth } from './suites/growth.ts';
import { imports } from './suites/imports.ts';
import { importsLarge } from './suites/imports-large.ts';
import { openLoop } from './suites/open-loop.ts';
import { processes } from './suites/processes.ts';
import { reads } from './suites/reads.ts';
import { reminders } from './suites/reminders.ts';
import { sockets } from './suites/sockets.ts';
import { arePeersInstalled, type Bench, type Suite } from './suites/suite.ts';
import { transfers } from './suites/transfers.ts';

const SUITES: Readonly<Record<string, Suite>> = {
  transfers,
  customers,
  sockets,
  reads,
  'open-loop': openLoop,
  growth,
  access,
  imports,
  'imports-large': importsLarge,
  reminders,
  processes,
};
const USUAL = 'transfers,customers,sockets,reads';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: USUAL },
    rounds: { type: 'string' },
    pgledger: { type: 'string' },
  },
});
const ROUNDS = Number(options.rounds ?? (options.quick ? 2 : 5));
// A server that was idle for minutes, while others were measured, needs about two seconds to reach its speed again:
// V8 has
// dropped compiled code, and the caches of Postgres' connections and of tokens are cold.
const WINDOWS = options.quick ? { warmUpMs: 300, measureMs: 400 } : { warmUpMs: 2_000, measureMs: 1_500 };

/** Longer than any run takes: after this time something hangs. */
const DEADLINE_MS = (options.only.includes('growth') ? 90 : 60) * 60_000;

const folder = await mkdtemp(join(tmpdir(), 'revenda-bench-'));
// Postgres' own user must be able to enter the folder.
await chmod(folder, 0o755);
const postgres = await startEmbedded({ dataDir: folder, durable: true });

async function cleanUp(): Promise<void> {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

function giveUp(why: string): void {
  process.stderr.write(`${why}\n`);
  void cleanUp().finally(() => process.exit(1));
}

process.once('SIGINT', () => giveUp('Interrupted.'));
process.once('SIGTERM', () => giveUp('Ended.'));
setTimeout(() => giveUp(`Not finished within ${DEADLINE_MS} ms.`), DEADLINE_MS).unref();

try {
  const hasPeers = await arePeersInstalled();
  if (!hasPeers)
    process.stderr.write('The peers are not installed (npm --prefix bench/peers ci): only cells that need none of them are measured.\n');
  if (options.pgledger === undefined) process.stderr.write('pgledger is not measured: name a clone with --pgledger <folder>.\n');
  for (const name of options.only.split(',')) {
    const suite = SUITES[name];
    if (!suite) throw new Error(`There is no suite "${name}": ${Object.keys(SUITES).join(', ')}.`);
    const sections = await run(name, suite, hasPeers);
    for (const section of sections) process.stdout.write(textOf(section));
    if (!options.quick) await keepResults(sections, postgres.url);
  }
} finally {
  await cleanUp();
}

/**
 * Runs a suite in its own migrated database. Afterwards it checks the journal, which contains the transfers of all
 * contestants.
 */
async function run(name: string, suite: Suite, hasPeers: boolean): Promise<readonly Section[]> {
  const url = await database(name.replaceAll('-', '_'), true);
  const sql = openSql(url, { name: 'bench', max: 1, role: null });
  await sql`SET statement_timeout = 0`;
  const rounds = { postmasterPid: postgres.pid, rounds: ROUNDS, ...WINDOWS };
  const bench: Bench = { url, sql, rounds, isQuick: options.quick, hasPeers, pgledger: options.pgledger ?? null, database };
  try {
    const sections = await suite(bench);
    const health = await ledgerHealth(sql, null);
    if (!health.ok) throw new Error(`the journal is not sound after ${name}: ${health.problems.join('; ')}`);
    return sections;
  } finally {
    await sql.end();
  }
}

async function database(name: string, isMigrated: boolean): Promise<string> {
  const admin = openSql(postgres.url, { name: 'bench', max: 1, role: null });
  await admin.unsafe(`CREATE DATABASE "${name}"`);
  await admin.end();
  const url = new URL(postgres.url);
  url.pathname = `/${name}`;
  if (isMigrated) await migrate(url.href);
  return url.href;
}

function textOf({ title, text, outcomes }: Section): string {
  return `## ${title}\n\n${text}\n\n${outcomes.length > 0 ? `${goalsTable(outcomes)}\n\n` : ''}`;
}
