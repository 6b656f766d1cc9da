/** What the process does once its database is ready: opens the server, makes the first users, and says where it is. */

import { DEMO_PASSWORD, DEMO_USERS, seedDemo } from '../prisma/seed.ts';
import { type App, createApp } from './app.ts';
import type { Config } from './config.ts';
import { ensurePlatformUser, hasPlatformUser } from './domain/identity/ensure-platform-user.ts';
import type { Logger } from './kernel/log.ts';

/** What to undo at the end, the last thing first. */
export type Undo = () => Promise<void>;

/** Resolves when it serves; how to stop it is pushed to `undo` as soon as there is something to stop. */
export async function serve(config: Config, url: string, log: Logger, undo: Undo[]): Promise<void> {
  const app = await createApp(config, url, log);
  undo.push(() => app.close());
  await makeUsers(config, app);
  const { port } = await app.listen();
  announce(config, port, app);
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
