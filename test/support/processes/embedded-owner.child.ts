import { startEmbedded } from '../../../src/db/embedded/start.ts';
import { StartupProblem } from '../../../src/kernel/startup-problem.ts';

/** A process that owns an embedded Postgres until its standard input ends. Prints one line: the Postgres' address, or the problem. */
const [dataDir = ''] = process.argv.slice(2);

try {
  const postgres = await startEmbedded({ dataDir, durable: true });
  console.log(JSON.stringify({ pid: postgres.pid, port: postgres.port, url: postgres.url }));
  process.stdin.resume().once('end', async () => {
    await postgres.stop();
    process.exit();
  });
} catch (error) {
  if (!(error instanceof StartupProblem)) throw error;
  console.log(JSON.stringify({ problem: error.message }));
}
