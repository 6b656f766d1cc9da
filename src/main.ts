/** The process: reads the settings, opens the database, serves, and drains when it is told to stop. */

import closeWithGrace from 'close-with-grace';
import { type Config, readConfig } from './config.ts';
import { keepSecretsKey } from './db/embedded/secrets-key.ts';
import { startEmbedded } from './db/embedded/start.ts';
import { migrate, prepareDatabase } from './db/migrate.ts';
import { explain, messageOf } from './explain-start.ts';
import { monotonicMs } from './kernel/clock.ts';
import { createLogger, type Logger } from './kernel/log.ts';
import { StartupProblem } from './kernel/startup-problem.ts';
import type { Undo } from './serve.ts';

/** A Ctrl-C reaches this process twice, from the terminal and from npm: signals this close together are one. Milliseconds. */
const SAME_SIGNAL_MS = 500;
/** What a stop may take beyond the drain itself: closing connections, stopping the embedded Postgres. Milliseconds. */
const STOP_MARGIN_MS = 15_000;

async function start(config: Config, log: Logger, undo: Undo[]): Promise<void> {
  const { url, secretsKeys } = config.database ? await migrated(config, config.database) : await startDemoDatabase(config, undo);
  // Two thousand modules: a setting or a database that is wrong is named before they are read.
  const { serve } = await import('./serve.ts');
  await serve({ ...config, secretsKeys }, url, log, undo);
}

/** A migrated database, and what its secrets are sealed with. */
interface Prepared {
  readonly url: string;
  readonly secretsKeys: readonly Buffer[];
}

async function migrated({ secretsKeys }: Config, database: NonNullable<Config['database']>): Promise<Prepared> {
  await prepareDatabase(database);
  return { url: database.url, secretsKeys };
}

async function startDemoDatabase(config: Config, undo: Undo[]): Promise<Prepared> {
  const postgres = await startEmbedded({ dataDir: config.dataDir, durable: true, supervised: true, log: (line) => console.log(line) });
  undo.push(() => postgres.stop());
  await migrate(postgres.url);
  const secretsKeys = config.secretsKeys.length > 0 ? config.secretsKeys : [await keepSecretsKey(postgres.folder)];
  return { url: postgres.url, secretsKeys };
}

/** Drains once at the first signal, or when nothing else can be trusted after an unexpected error; a later signal exits at once. */
function endGracefully(config: Config, log: Logger, starting: Promise<void>, undo: Undo[]): void {
  const grace = closeWithGrace(
    { delay: config.drainSeconds * 1000 + STOP_MARGIN_MS, skip: ['SIGINT', 'SIGTERM'], logger: false },
    async ({ err }) => {
      if (err) log.fatal({ err }, 'ending after an unexpected error');
      await starting;
      await undoAll(undo);
    },
  );
  let firstSignalAtMs: number | undefined;
  const onSignal = () => {
    if (firstSignalAtMs === undefined) {
      firstSignalAtMs = monotonicMs();
      grace.close();
    } else if (monotonicMs() - firstSignalAtMs > SAME_SIGNAL_MS) process.exit(1);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

/** Every step is taken, also after one that failed. */
async function undoAll(undo: Undo[]): Promise<void> {
  const step = undo.pop();
  if (!step) return;
  try {
    await step();
  } finally {
    await undoAll(undo);
  }
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
  const undo: Undo[] = [];
  const starting = start(config, log, undo).catch(async (error: unknown) => {
    const explanation = explain(error, config);
    if (explanation === undefined) log.debug({ err: error }, 'the start failed');
    fail(explanation ?? `The start failed: ${messageOf(error)}`);
    await undoAll(undo);
    process.exit();
  });
  endGracefully(config, log, starting, undo);
  await starting;
}

await main();
