/** Serves once the database is ready: opens the server, creates the first users, and announces its address. */

import { DEMO_PASSWORD, DEMO_USERS, seedDemo } from '../prisma/seed.ts';
import { type App, createApp } from './app.ts';
import type { Config } from './config.ts';
import { ensurePlatformUser, hasPlatformUser } from './domain/identity/ensure-platform-user.ts';
import type { Logger } from './kernel/log.ts';
import type { Siblings } from './kernel/siblings.ts';
import type { Cleanup } from './shutdown.ts';

export interface Served {
  readonly port: number;
  readonly hasWeb: boolean;
}

interface ProcessRole {
  /** Null: no other process serves the port. */
  readonly siblings: Siblings | null;
  /** True in one process of several. */
  readonly makesUsers: boolean;
}

/** Resolves when the server listens. Pushes the step that stops it to `cleanups` as soon as there is something to stop. */
export async function serve(
  config: Config,
  url: string,
  log: Logger,
  cleanups: Cleanup[],
  { makesUsers, siblings }: ProcessRole = { makesUsers: true, siblings: null },
): Promise<Served> {
  const app = await createApp(config, url, log, {}, siblings);
  cleanups.push(() => app.close());
  if (makesUsers) await makeUsers(config, app);
  const { port } = await app.listen();
  return { port, hasWeb: app.hasWeb };
}

async function makeUsers(config: Config, { ports }: App): Promise<void> {
  if (!config.database) await seedDemo(ports);
  if (config.platformUser) await ensurePlatformUser(ports, config.platformUser.email, config.platformUser.password);
  if (!(await hasPlatformUser(ports)))
    console.log('Nobody can sign in yet: set PLATFORM_EMAIL and PLATFORM_PASSWORD to create the first user.');
}

/** The text that announces the server's address, and the demo's sign-ins. */
export function announcementOf(config: Config, { port, hasWeb }: Served): string {
  const isHere = ['127.0.0.1', '0.0.0.0', '::'].includes(config.host);
  const host = isHere ? 'localhost' : config.host.includes(':') ? `[${config.host}]` : config.host;
  const origin = `http://${host}:${port}`;
  const lines = [`Revenda serves GraphQL, GraphiQL and subscriptions at ${origin}/graphql`];
  if (hasWeb) lines.unshift(`The web application is at ${origin}`);
  if (!config.database) {
    lines.push(`Sign in with the password ${DEMO_PASSWORD} as (with the initial balances)`);
    for (const { email, who } of DEMO_USERS) lines.push(`  ${email.padEnd(24)}${who}`);
    lines.push('Ctrl-C stops the server and keeps the data.');
  }
  return lines.join('\n');
}
