/** A process with an outbox of its own: reports the deliveries it begins, and delivers on request. */

import { readTopology } from '../../src/db/topology.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { createSecretBox } from '../../src/kernel/secrets.ts';
import { createOutbox } from '../../src/outbox/create-outbox.ts';
import { openTestSql } from '../support/sql.ts';
import { CHANNEL, channel, counting, DELIVERED } from './outbox-world.ts';

const [url, key, leaseMs] = process.argv.slice(2);
if (url === undefined || key === undefined) throw new Error('which database, and which key?');

const sql = openTestSql(url, { max: 4, role: 'revenda_app' });
const secrets = createSecretBox([Buffer.from(key, 'base64')]);
const topology = await readTopology(sql);
const outbox = createOutbox({
  sql,
  topology,
  secrets,
  log: createLogger('silent'),
  observe: counting(),
  pollEveryMs: 20,
  leaseMs: Number(leaseMs),
});
const told = Promise.withResolvers<void>();
process.once('message', () => told.resolve());
outbox.start({
  [CHANNEL]: channel(async ({ body }) => {
    process.send?.(body);
    await told.promise;
    return DELIVERED;
  }),
});
