import { afterAll, beforeAll, expect, test } from 'vitest';
import { PLATFORM_EMAIL } from '../support/clients/api.ts';
import { closedAtEnd } from '../support/leftovers.ts';
import { MailCatcher } from '../support/processes/mail-catcher.ts';
import { type ServerProcess, startProcess, stopProcesses } from '../support/processes/processes.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';

const REQUEST = 'mutation ($email: String!) { requestPasswordReset(input: { email: $email }) { ok } }';

let database: TestDatabase;
let catcher: MailCatcher;
let servers: ServerProcess[];

beforeAll(async () => {
  database = await createDatabase();
  catcher = await MailCatcher.open();
  const settings = { ...catcher.settings, SECRETS_KEY: Buffer.alloc(32, 'test').toString('base64'), LOG_LEVEL: 'trace' };
  servers = [await startProcess(database.url, settings), await startProcess(database.url, settings)];
});

afterAll(async () => {
  await stopProcesses(servers);
  await catcher.goDown();
  await database.drop();
});

test('a process that is told to stop finishes sending its mail once, and no log contains a token or an address', async () => {
  const [first, second] = servers;
  if (first === undefined || second === undefined) throw new Error('two processes were started');
  const held = Promise.withResolvers<void>();
  catcher.hold = held.promise;
  expect((await first.client.ask(null, REQUEST, { email: PLATFORM_EMAIL })).data).toEqual({ requestPasswordReset: { ok: true } });
  await until(() => catcher.asked.length === 1);
  first.signal('SIGTERM');
  second.signal('SIGTERM');
  held.resolve();
  expect([await first.exited, await second.exited]).toEqual([0, 0]);
  expect(catcher.mails.map(({ to }) => to)).toEqual([PLATFORM_EMAIL]);
  const sql = openTestSql(database.url);
  closedAtEnd(() => sql.end());
  expect([...(await sql`SELECT FROM outbox_message`)]).toEqual([]);
  await sql.end();

  const token = /#([\w-]{43})/.exec(catcher.mails[0]?.mail.text ?? '')?.[1] ?? 'no token';
  expect(token).toHaveLength(43);
  const said = [...first.output, ...second.output].join('\n');
  expect(said).not.toContain(token);
  expect(said).not.toContain(PLATFORM_EMAIL);
});
