/** The process: reads the settings, opens the database, serves, and drains on a signal to stop. */

import { type Config, readConfig } from './config.ts';
import { readOrCreateSecretsKey } from './db/embedded/secrets-key.ts';
import { startEmbedded } from './db/embedded/start.ts';
import { migrate, prepareDatabase } from './db/migrate.ts';
import { OWN_FOLDER } from './db/migration-files.ts';
import { checkReplica } from './db/replica/check.ts';
import { explain, messageOf } from './explain-start.ts';
import { createLogger, type Logger } from './kernel/log.ts';
import { StartupProblem } from './kernel/startup-problem.ts';
import { processesFor } from './processes/how-many.ts';
import { AlreadyReported } from './processes/messages.ts';
import { type Cleanup, endGracefully, type HangUp, runCleanups } from './shutdown.ts';

async function start(config: Config, log: Logger, cleanups: Cleanup[], hangUp: HangUp): Promise<void> {
  const { url, secretsKeys } = config.database
    ? await migrated(config, config.database, log)
    : await startDemoDatabase(config, log, cleanups);
  const count = await processesFor(config, url);
  if (count > 1) return supervise(count, { url, secretsKeys }, log, cleanups, hangUp);
  // Two thousand modules are loaded here, after settings and database are checked, so that a mistake is reported sooner.
  const { announcementOf, serve } = await import('./serve.ts');
  console.log(announcementOf(config, await serve({ ...config, secretsKeys }, url, log, cleanups)));
}

async function supervise(count: number, { url, secretsKeys }: Prepared, log: Logger, cleanups: Cleanup[], hangUp: HangUp): Promise<void> {
  const { Supervisor } = await import('./processes/supervisor.ts');
  const supervisor = new Supervisor({ count, url, secretsKeys: secretsKeys.map((key) => key.toString('base64')), log });
  cleanups.push(() => supervisor.stop());
  hangUp.restart = () => {
    supervisor.restart().catch((error: unknown) => log.error({ err: error }, 'not every process was replaced'));
  };
  await supervisor.start();
}

/** A migrated database, and the keys that encrypt its secrets. */
interface Prepared {
  readonly url: string;
  readonly secretsKeys: readonly Buffer[];
}

async function migrated({ secretsKeys }: Config, database: NonNullable<Config['database']>, log: Logger): Promise<Prepared> {
  await prepareDatabase(database, (line) => log.warn(line));
  if (database.readUrl !== null) await checkReplica(database.url, database.readUrl);
  return { url: database.url, secretsKeys };
}

async function startDemoDatabase(config: Config, log: Logger, cleanups: Cleanup[]): Promise<Prepared> {
  const postgres = await startEmbedded({ dataDir: config.dataDir, durable: true, supervised: true, log: (line) => console.log(line) });
  cleanups.push(() => postgres.stop());
  await migrate(postgres.url, OWN_FOLDER, (line) => log.warn(line));
  const secretsKeys = config.secretsKeys.length > 0 ? config.secretsKeys : [await readOrCreateSecretsKey(postgres.folder)];
  return { url: postgres.url, secretsKeys };
}

function fail(message: string): void {
  console.error(`revenda: ${message}`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  let config: Config;
  try {
    config = readConfig();
  } catch (error) {
    if (!(error instanceof StartupProblem)) throw error;
    return fail(error.message);
  }
  const log = createLogger(config.logLevel);
  const cleanups: Cleanup[] = [];
  const hangUp: HangUp = { restart: null };
  const starting = start(config, log, cleanups, hangUp).catch(async (error: unknown) => {
    const explanation = explain(error, config);
    if (explanation === undefined) log.debug({ err: error }, 'the start failed');
    if (error instanceof AlreadyReported) process.exitCode = 1;
    else fail(explanation ?? `The start failed: ${messageOf(error)}`);
    await runCleanups(cleanups);
    process.exit();
  });
  endGracefully(config, log, starting, cleanups, hangUp);
  await starting;
}

await main();
