/** One of several processes that serve one port. It follows the first process's commands, and drains before it ends. */

import { readConfig } from '../config.ts';
import { explain, messageOf } from '../explain-start.ts';
import { createLogger } from '../kernel/log.ts';
import { type Cleanup, endGracefully, runCleanups } from '../shutdown.ts';
import type { Task, ToChild, ToFirst } from './messages.ts';
import { createSiblings } from './siblings.ts';

const config = readConfig();
const log = createLogger(config.logLevel);
const cleanups: Cleanup[] = [];
const siblings = createSiblings();
const { promise: started, resolve: begin } = Promise.withResolvers<Task>();
let announce = () => {};
const send = (message: ToFirst) => process.send?.(message);

async function start(): Promise<void> {
  const { isFirst, secretsKeys, url } = await started;
  const { announcementOf, serve } = await import('../serve.ts');
  const keys = secretsKeys.map((key) => Buffer.from(key, 'base64'));
  const served = await serve({ ...config, secretsKeys: keys }, url, log, cleanups, { siblings, makesUsers: isFirst });
  announce = () => console.log(announcementOf(config, served));
  send({ kind: 'serving' });
}

const starting = start().catch(async (error: unknown) => {
  const explanation = explain(error, config);
  if (explanation === undefined) log.debug({ err: error }, 'the start failed');
  console.error(`revenda: ${explanation ?? `The start failed: ${messageOf(error)}`}`);
  process.exitCode = 1;
  await runCleanups(cleanups);
  process.exit();
});
// A closed terminal sends SIGHUP to all processes. The first one decides what happens.
const end = endGracefully(config, log, starting, cleanups, { restart: () => {} });

process.on('message', (message: ToChild) => {
  if (message.kind === 'start') begin(message.task);
  else if (message.kind === 'announce') announce();
  else if (message.kind === 'stop') end();
});
send({ kind: 'ready' });
