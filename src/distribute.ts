/** The command `npm run distribute`: spreads a migrated database over the workers of its Citus cluster. */

import { readConfig } from './config.ts';
import { distribute } from './db/distribute.ts';
import { migrate } from './db/migrate.ts';
import { explain, messageOf } from './explain-start.ts';
import { StartupProblem } from './kernel/startup-problem.ts';

try {
  const config = readConfig();
  if (config.database === null)
    throw new StartupProblem('Set DATABASE_URL to the coordinator of a Citus cluster: the demo database has none.');
  try {
    // For a new cluster, in which no server has created the tables yet.
    if (process.argv.includes('--migrate')) await migrate(config.database.migrateUrl);
    const done = await distribute(config.database.migrateUrl);
    console.log(
      done === 'distributed' ? 'The database is distributed: start the servers.' : 'The database was already distributed: nothing to do.',
    );
  } catch (error) {
    throw new StartupProblem(explain(error, config) ?? `Nothing was changed: ${messageOf(error)}`);
  }
} catch (error) {
  if (!(error instanceof StartupProblem)) throw error;
  console.error(`revenda: ${error.message}`);
  process.exitCode = 1;
}
