/**
 * `npm run bench`: posting and the doors beside the usual ways to do the same, on one durable embedded Postgres. Only
 * ratios within a run mean anything, so the cells of a round are run one after another, round after round.
 * `--quick`: shorter windows, for a look. Misses of a floor are shown; the exit code speaks of errors only.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../src/db/embedded.ts';
import { migrate } from '../src/db/migrate.ts';
import { openSql } from '../src/db/sql.ts';
import { ledgerHealth } from '../src/ledger/audit.ts';
import { HTTP_FLOORS, httpCells } from './http.ts';
import { POSTING_FLOORS, postingCells } from './posting.ts';
import { report } from './report.ts';
import { runRounds } from './rounds.ts';

const quick = process.argv.includes('--quick');
const ROUNDS = 3;
const WINDOWS = quick ? { warmUpMs: 300, measureMs: 500 } : { warmUpMs: 500, measureMs: 1_500 };

/** Longer than any run takes: something hangs. */
const DEADLINE_MS = 15 * 60_000;

const folder = await mkdtemp(join(tmpdir(), 'revenda-bench-'));
// Postgres' own user must be able to enter.
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
setTimeout(() => giveUp(`Nothing ended this within ${DEADLINE_MS} ms.`), DEADLINE_MS).unref();

try {
  await migrate(postgres.url);
  await run(postgres.url, postgres.pid);
} finally {
  await cleanUp();
}

async function run(url: string, postmasterPid: number): Promise<void> {
  const sql = openSql(url, { name: 'bench', max: 1, role: 'revenda_app' });
  const options = { sql, postmasterPid, rounds: ROUNDS, ...WINDOWS };
  try {
    process.stdout.write(report(await runRounds(await postingCells(url), options), POSTING_FLOORS));
    const http = await httpCells(url);
    try {
      // Node compiles the code of a door while it first runs: unmeasured, that takes longer than a window's warm-up.
      await runRounds(http.cells, { ...options, rounds: 1 });
      process.stdout.write(report(await runRounds(http.cells, options), HTTP_FLOORS));
    } finally {
      await http.close();
    }
    const health = await ledgerHealth(sql, null);
    if (!health.ok) throw new Error(`the journal is not whole after the run: ${health.problems.join('; ')}`);
    process.stdout.write(`The journal is whole: ${health.entries} changes, of all ways to post.\n`);
  } finally {
    await sql.end();
  }
}
