/** The process: reads the settings, opens the database, serves, and drains when it is told to stop. */

import closeWithGrace from 'close-with-grace';
import { DEMO_PASSWORD, DEMO_USERS, seedDemo } from '../prisma/seed.ts';
import { type App, createApp } from './app.ts';
import { type Config, readConfig } from './config.ts';
import { keepSecretsKey } from './db/embedded/secrets-key.ts';
import { startEmbedded } from './db/embedded/start.ts';
import { migrate, prepareDatabase } from './db/migrate.ts';
import { ensurePlatformUser, hasPlatformUser } from './domain/identity/ensure-platform-user.ts';
import { explain, messageOf } from './explain-start.ts';
import { monotonicMs } from './kernel/clock.ts';
import { createLogger, type Logger } from './kernel/log.ts';
import { StartupProblem } from './kernel/startup-problem.ts';

/** A Ctrl-C reaches this process twice, from the terminal and from npm: signals this close together are one. Milliseconds. */
const SAME_SIGNAL_MS = 500;
/** What a stop may take beyond the drain itself: closing connections, stopping the embedded Postgres. Milliseconds. */
const STOP_MARGIN_MS = 15_000;

/** What to undo at the end, the last thing first. */
type Undo = () => Promise<void>;

async function start(config: Config, log: Logger, undo: Undo[]): Promise<void> {
  const { url, secretsKeys } = config.database ? await migrated(config, config.database) : await startDemoDatabase(config, undo);
  const app = await createApp({ ...config, secretsKeys }, url, log);
  undo.push(() => app.close());
  await makeUsers(config, app);
  const { port } = await app.listen();
  announce(config, port, app);
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

async function makeUsers(config: Config, { ports }: App): Promise<void> {
  if (!config.database) await seedDemo(ports);
  if (config.platformUser) await ensurePlatformUser(ports, config.platformUser.email, config.platformUser.password);
  if (!(await hasPlatformUser(ports)))
    console.log('Nobody can sign in yet: set PLATFORM_EMAIL and PLATFORM_PASSWORD to make the first user.');
}

function announce(config: Config, port: number, { hasPanel }: App): void {
  const isHere = ['127.0.0.1', '0.0.0.0', '::'].includes(config.host);
  const host = isHere ? 'localhost' : config.host.includes(':') ? `[${config.host}]` : config.host;
  const origin = `http://${host}:${port}`;
  const lines = [`Revenda serves GraphQL, GraphiQL and subscriptions at ${origin}/graphql`];
  if (hasPanel) lines.unshift(`Revenda's panel is at ${origin}`);
  if (!config.database) {
    lines.push(`Sign in with the password ${DEMO_PASSWORD} as (balances as they were at first)`);
    for (const { email, who } of DEMO_USERS) lines.push(`  ${email.padEnd(24)}${who}`);
    lines.push('Ctrl-C stops it; the data stay.');
  }
  console.log(lines.join('\n'));
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
