import { generateSync } from 'otplib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { type Client, PASSWORD, PLATFORM_EMAIL } from '../support/clients/api.ts';
import { colleagueOf, signIn } from '../support/clients/people-api.ts';
import { type ServerProcess, startProcess } from '../support/processes/processes.ts';
import { openTestSql } from '../support/sql.ts';
import { order, PRICES, setPrices, setProvider } from '../support/worlds/buying.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { type Demo, plantDemo } from '../support/worlds/demo.ts';

const SECRETS_KEY = Buffer.alloc(32, 'attack').toString('base64');
/** Secrets as users would send them, one of each kind. */
const GIVEN = {
  password: 'wrong-password-of-somebody',
  newPassword: 'a-new-password-of-somebody',
  stripeKey: 'sk_live_secret_of_the_seller',
  stripeSigning: 'whsec_secret_of_the_seller',
  mercadoPago: 'APP_USR-secret-of-the-seller',
  mercadoPagoSigning: 'signing-secret-of-the-seller',
  access: 'access-secret-of-a-customer',
  accessReset: 'another-secret-of-a-customer',
};

let database: TestDatabase;
let server: ServerProcess;
let client: Client;
let demo: Demo;
let sql: Sql;
/** All secrets: none may be found in a log or in a copy of the database. */
const secrets: Record<string, string> = { ...GIVEN, PASSWORD, SECRETS_KEY };
/** Data that is in the database, but may not be in a log. */
const people: string[] = [PLATFORM_EMAIL, 'secret.contact@customer.test', '+55 11 97777-6666'];

beforeAll(async () => {
  database = await createDatabase();
  // Nothing listens there: errors of providers are logged, too.
  const nowhere = { STRIPE_API_URL: 'http://127.0.0.1:9', MERCADO_PAGO_API_URL: 'http://127.0.0.1:9' };
  server = await startProcess(database.url, { LOG_LEVEL: 'trace', SECRETS_KEY, ...nowhere });
  client = server.client;
  sql = openTestSql(database.url);
  demo = await plantDemo(client);
  await live();
});

afterAll(async () => {
  await sql.end();
  await server[Symbol.asyncDispose]();
  await database.drop();
});

/** A day of everything that involves secrets, with typical mistakes of users. */
async function live(): Promise<void> {
  const { ana, platform } = demo;
  Object.assign(secrets, { platform, ana: ana.token });
  people.push(ana.email, 'somebody@people.test');
  const somebody = await colleagueOf(client, ana.token, 'somebody@people.test');
  secrets.session = somebody.token;

  const { secret = '' } = await client.mutate(somebody, 'startTotp', { password: PASSWORD });
  secrets.totp = secret;
  const first = generateSync({ secret });
  const { recoveryCodes = [] } = await client.mutate(somebody, 'confirmTotp', { otp: first });
  for (const [at, code] of recoveryCodes.entries()) {
    secrets[`recovery code ${at}`] = code;
    secrets[`recovery code ${at}, plain`] = code.replaceAll('-', '');
  }
  secrets['session of a code'] = (await signIn(client, 'somebody@people.test', recoveryCodes[0])).token ?? '';
  await signIn(client, 'somebody@people.test', recoveryCodes[0]);
  await signIn(client, 'somebody@people.test', undefined, GIVEN.password);
  await client.mutate(somebody, 'changePassword', { currentPassword: GIVEN.password, newPassword: GIVEN.newPassword });
  await client.mutate(somebody, 'changePassword', { currentPassword: PASSWORD, newPassword: GIVEN.newPassword });

  const key = await client.mutate(ana, 'createApiKey', { name: 'k', scope: 'SPEND' });
  secrets.apiKey = key.secret ?? '';
  await client.ask(secrets.apiKey, '{ viewer { role } }');

  await setPrices(client, platform, PRICES);
  const stripe = { secretKey: GIVEN.stripeKey, webhookSecret: GIVEN.stripeSigning };
  const { settings } = await setProvider(client, platform, { stripe });
  await setProvider(client, platform, { mercadoPago: { accessToken: GIVEN.mercadoPago, webhookSecret: GIVEN.mercadoPagoSigning } });
  for (const provider of ['STRIPE', 'MERCADO_PAGO'] as const)
    await order(client, ana.token, { quantity: 10, idempotencyKey: provider, provider });
  for (const body of ['{', JSON.stringify({ id: 'evt', email: people[0], key: GIVEN.stripeKey })]) {
    await fetch(`${client.origin}${settings?.webhookPath}`, { method: 'POST', body, headers: { 'stripe-signature': GIVEN.stripeSigning } });
  }

  const customer = { name: 'n', contact: people[1], notes: people[2], periods: 1, secret: GIVEN.access, idempotencyKey: 'c' };
  const activate = `mutation ($input: ActivateCustomerInput!) {
    made: activateCustomer(input: $input) { ... on ActivateCustomerPayload { customer { id access { secret } } } } }`;
  const { made } = await client.data<{ made: { customer: { id: string; access: { secret: string } } } }>(ana.token, activate, {
    input: customer,
  });
  expect(made.customer.access.secret).toBe(GIVEN.access);
  const resetting = 'mutation ($input: ResetAccessInput!) { resetAccess(input: $input) { __typename } }';
  await client.ask(ana.token, resetting, { input: { customerId: made.customer.id, secret: GIVEN.accessReset } });
  await client.ask(ana.token, resetting, { input: { customerId: made.customer.id, login: 'AB', secret: GIVEN.accessReset } });

  // Secrets in wrong places: in documents, broken bodies, headers, URLs and sockets.
  const misplaced = [GIVEN.password, secrets.apiKey, people[1] ?? ''];
  for (const word of misplaced) {
    const quoted = JSON.stringify(word);
    await client.ask(ana.token, `{ node(id: ${quoted}) { id } ${word} }`);
    await client.ask(ana.token, `mutation { signIn(input: { email: ${quoted}, password: ${quoted}, otp: 7 }) { __typename } }`);
    await client.send(ana.token, `{"query":"{ viewer { role } }","variables":{"password":${quoted}`);
    await client.ask(word, '{ viewer { role } }');
    const cookie = `revenda_session=${encodeURIComponent(word)}`;
    await fetch(`${client.url}?query={viewer{role}}&token=${encodeURIComponent(word)}`, { headers: { cookie, 'x-request-id': 'ok' } });
    await fetch(`${client.origin}/export/customers.csv?search=${encodeURIComponent(word)}`, {
      headers: { authorization: `Bearer ${ana.token}` },
    });
    await fetch(`${client.origin}/export/customers.csv?key=${encodeURIComponent(word)}`, {
      headers: { authorization: `Bearer ${ana.token}` },
    });
    const socket = client.socket(word);
    // One of these is a valid key; the results of the others do not matter here.
    await Promise.allSettled([socket.iterate({ query: 'subscription { balanceChanged { version } }' }).next()]);
    await socket.dispose();
  }
}

test('a run at log level trace logs no password, token, code, key, e-mail or contact', async () => {
  // The last lines before the exit are included.
  server.signal('SIGTERM');
  expect(await server.exited).toBe(0);
  const log = server.output.join('\n');
  expect(server.output.length).toBeGreaterThan(3);
  for (const [name, secret] of Object.entries(secrets)) {
    expect(secret.length, name).toBeGreaterThan(5);
    expect(log, name).not.toContain(secret);
    expect(log, name).not.toContain(encodeURIComponent(secret));
  }
  for (const person of people) expect(log).not.toContain(person);
});

test('a copy of the database reveals no secret: sessions, keys and codes are hashed, readable secrets are sealed', async () => {
  const tables = await sql<{ name: string }[]>`
    SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`;
  expect(tables.length).toBeGreaterThan(15);
  let dump = '';
  for (const { name } of tables) {
    const rows = await sql.unsafe<{ row: string }[]>(`SELECT t::text AS row FROM ${name} t`);
    dump += rows.map(({ row }) => row).join('\n');
  }
  expect(dump).toContain('somebody@people.test');
  for (const [name, secret] of Object.entries(secrets)) {
    for (const form of [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('base64')]) {
      expect(dump.includes(form), name).toBe(false);
    }
    const bytes = Buffer.from(secret, 'base64url').toString('hex');
    if (/^[\w-]{43}$/.test(secret)) expect(dump.includes(bytes), name).toBe(false);
  }
  for (const { count } of await sql<{ count: number }[]>`
    SELECT count(*)::integer AS count FROM payment_account WHERE api_secret !~ '^v1\\.[0-9a-f]{8}\\.' OR webhook_secret !~ '^v1\\.[0-9a-f]{8}\\.'`)
    expect(count).toBe(0);
});

test("the application's role can neither change nor shorten records, and Prisma's role can write nothing", async () => {
  const rights = await sql<{ role: string; name: string; rights: string }[]>`
    SELECT role, c.relname AS name, string_agg(kind, ' ' ORDER BY kind) AS rights
    FROM pg_class c, unnest(ARRAY['revenda_app', 'revenda_read']) AS role, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS kind
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p')
      AND (has_table_privilege(role, c.oid, kind) OR (kind IN ('INSERT', 'UPDATE') AND has_any_column_privilege(role, c.oid, kind)))
    GROUP BY 1, 2`;
  const of = (role: string) =>
    Object.fromEntries(rights.filter((one) => one.role === role).map(({ name, rights: kinds }) => [name, kinds]));
  expect(of('revenda_read')).toEqual({});
  const app = of('revenda_app');
  for (const table of ['transfer', 'entry', 'audit_log']) expect(app[table], table).toBe('INSERT');
  const [changeable] = await sql<{ columns: string }[]>`
    SELECT string_agg(attname, ' ') AS columns FROM pg_attribute
    WHERE attrelid = 'trial'::regclass AND attnum > 0 AND NOT attisdropped AND has_column_privilege('revenda_app', attrelid, attnum, 'UPDATE')`;
  // Of a trial, only the version of its contact's key may change.
  expect([app.trial, changeable?.columns]).toEqual(['INSERT UPDATE', 'contact_key_version']);
  for (const [table, kinds] of Object.entries(app)) expect(kinds, table).not.toMatch(/TRUNCATE|TRIGGER/);
  expect(app._prisma_migrations).toBeUndefined();
});
