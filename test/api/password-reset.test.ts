import { generateSync } from 'otplib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { watchBalance } from '../live/watch.ts';
import { type Api, PASSWORD, startApi } from '../support/clients/api.ts';
import { colleagueOf, isSignedIn, signIn } from '../support/clients/people-api.ts';
import { closedAtEnd } from '../support/leftovers.ts';
import { MailCatcher } from '../support/processes/mail-catcher.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { type Demo, plantPanel } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';

const NEW_PASSWORD = 'another password';
const PUBLIC_URL = 'https://panel.example.com';

let catcher: MailCatcher;
/** Two servers on one database: either may send the mail for a request to the other. */
let api: Api;
let second: Api;
let demo: Demo;
let sql: Sql;

beforeAll(async () => {
  catcher = await MailCatcher.open();
  const settings = { ...catcher.settings, PUBLIC_URL, TRUST_PROXY: '1' };
  ({ api, demo } = await startDemo({ settings }));
  second = await startApi({ settings, databaseUrl: api.databaseUrl });
  sql = openTestSql(api.databaseUrl, { max: 2 });
  closedAtEnd(() => sql.end());
});

afterAll(async () => {
  await sql.end();
  await second[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
  await catcher.goDown();
});

const REQUEST = `mutation ($email: String!, $language: MailLanguage! = PT) {
  requestPasswordReset(input: { email: $email, language: $language }) { ok }
}`;
let networks = 0;

/** Sends each request from a new network, unless one is named. */
async function request(email: string, { language = 'PT', from = '' } = {}): Promise<string> {
  networks += 1;
  const address = from || `10.${(networks >> 16) & 255}.${(networks >> 8) & 255}.${networks & 255}`;
  const response = await fetch(api.client.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', 'x-forwarded-for': address },
    body: JSON.stringify({ query: REQUEST, variables: { email, language } }),
  });
  return `${response.status} ${await response.text()}`;
}

const CLOSE = 'mutation ($id: ID!) { closeReseller(input: { resellerId: $id, idempotencyKey: "close" }) { ... on Error { code } } }';

const TAKEN = '200 {"data":{"requestPasswordReset":{"ok":true}}}';

async function tokenFor(email: string, index = 0): Promise<string> {
  const { mail } = await catcher.mailTo(email, index);
  return linkIn(mail.text)[0] ?? '';
}

/** The token in a mail's text, if there is one. */
function linkIn(text = ''): string[] {
  return new RegExp(`${PUBLIC_URL}/reset-password#([\\w-]{43})`).exec(text)?.slice(1) ?? [];
}

const reset = (token: string, newPassword = NEW_PASSWORD) => api.client.mutate(null, 'resetPassword', { token, newPassword });

/** Waits until every waiting message was delivered or has died. */
function idle(): Promise<unknown> {
  return until(async () => (await sql`SELECT FROM outbox_lane`).count === 0);
}

test('a user who forgot the password sets a new one by a mailed link: sessions, sockets and codes end, keys stay (R42)', async () => {
  const { token } = await colleagueOf(api.client, demo.ana.token, 'forgot@reset.test');
  const { secret: key = '' } = await api.client.mutate(token, 'createApiKey', { name: 'program', scope: 'READ' });
  const { secret = '' } = await api.client.mutate(token, 'startTotp', { password: PASSWORD });
  const { recoveryCodes = [] } = await api.client.mutate(token, 'confirmTotp', { otp: generateSync({ secret }) });
  const socket = watchBalance(second.client.socket(token), { after: 0 });
  await socket.next();

  expect(await request(' Forgot@Reset.test ')).toBe(TAKEN);
  const { mail } = await catcher.mailTo('forgot@reset.test');
  expect(mail.subject).toBe('Nova senha para o seu painel');
  const link = await tokenFor('forgot@reset.test');
  expect(await reset(link, 'short')).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'input.newPassword' }] });
  expect(await reset(link)).toMatchObject({ __typename: 'ResetPasswordPayload' });

  expect([4403, 'UNAUTHENTICATED']).toContain(await socket.end());
  for (const client of [api.client, second.client]) await until(async () => !(await isSignedIn(client, token)));
  expect(await isSignedIn(api.client, key)).toBe(true);
  expect(await signIn(api.client, 'forgot@reset.test')).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  expect(await signIn(api.client, 'forgot@reset.test', undefined, NEW_PASSWORD)).toMatchObject({ code: 'OTP_REQUIRED' });
  expect(await signIn(api.client, 'forgot@reset.test', recoveryCodes[0], NEW_PASSWORD)).toMatchObject({ __typename: 'SignInPayload' });
  expect((await catcher.mailTo('forgot@reset.test', 1)).mail.subject).toBe('Sua senha foi alterada');
  expect(await logOf(demo.ana.token)).toContainEqual({ action: 'PASSWORD_RESET', subject: 'forgot@reset.test', changes: [] });
});

test('a user whose access somebody else resets gets a mail, without the one-time password (R41)', async () => {
  const { id } = await colleagueOf(api.client, demo.ana.token, 'helped@reset.test');
  const { done } = await api.client.data<{ done: { oneTimePassword: string } }>(
    demo.ana.token,
    'mutation ($id: ID!) { done: resetUserAccess(input: { userId: $id }) { ... on ResetUserAccessPayload { oneTimePassword } } }',
    { id },
  );
  const { mail } = await catcher.mailTo('helped@reset.test');
  expect(mail.subject).toBe('Seu acesso foi redefinido');
  expect(`${mail.text} ${mail.html}`).not.toContain(done.oneTimePassword);
});

test('a changed e-mail is announced to both addresses, and ends the links sent to the old one (R42)', async () => {
  const { token } = await colleagueOf(api.client, demo.ana.token, 'before@reset.test');
  await request('before@reset.test');
  const link = await tokenFor('before@reset.test');
  expect(await api.client.mutate(token, 'changeEmail', { email: 'after@reset.test', password: PASSWORD })).toMatchObject({
    __typename: 'ChangeEmailPayload',
  });
  for (const { mail } of [await catcher.mailTo('before@reset.test', 1), await catcher.mailTo('after@reset.test')]) {
    expect(mail.subject).toBe('Seu e-mail foi alterado');
    expect(mail.text).toContain('after@reset.test');
  }
  expect(await reset(link)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
});

test('a mail is written in the language of the request', async () => {
  await colleagueOf(api.client, demo.ana.token, 'english@reset.test');
  await request('english@reset.test', { language: 'EN' });
  expect((await catcher.mailTo('english@reset.test')).mail.subject).toBe('A new password for your panel');
});

test('a locked panel gets in again, and so do a root and the platform', async () => {
  for (const email of ['zero@demo.test', 'root@demo.test', 'platform@revenda.test']) {
    await request(email);
    expect(await tokenFor(email)).toHaveLength(43);
  }
});

test('a token works once, even if used twice at once, and never after another change of the password', async () => {
  const { token } = await colleagueOf(api.client, demo.ana.token, 'once@reset.test');
  await request('once@reset.test');
  const link = await tokenFor('once@reset.test');
  const [one, two] = await Promise.all([reset(link, 'the first password'), reset(link, 'the second password')]);
  expect([one.__typename, two.__typename].sort()).toEqual(['InvalidCredentialsError', 'ResetPasswordPayload']);
  expect(await reset(link)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  const password = one.code === undefined ? 'the first password' : 'the second password';
  expect(await isSignedIn(api.client, token)).toBe(false);

  const again = await signIn(api.client, 'once@reset.test', undefined, password);
  await request('once@reset.test');
  // Mails about a changed password are in another lane, and may overtake the link.
  const older = await until(async () => {
    const links = catcher.mails.filter(({ to }) => to === 'once@reset.test').flatMap(({ mail }) => linkIn(mail.text));
    return links.find((one) => one !== link);
  });
  await api.client.mutate(again.token ?? '', 'changePassword', { currentPassword: password, newPassword: PASSWORD });
  expect(await reset(older)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
});

test("an unknown, malformed or old token, or a disabled user's, gets the same answer, and nothing changes", async () => {
  const { id } = await colleagueOf(api.client, demo.ana.token, 'late@reset.test');
  await request('late@reset.test');
  const link = await tokenFor('late@reset.test');
  const answers = [await reset('x'.repeat(43)), await reset('')];
  await api.client.mutate(demo.ana, 'updateUser', { userId: id, disabled: true });
  answers.push(await reset(link));
  await api.client.mutate(demo.ana, 'updateUser', { userId: id, disabled: false });
  await sql`UPDATE password_reset SET expires_at = now() WHERE expires_at > now()`;
  answers.push(await reset(link));
  const refused = { __typename: 'InvalidCredentialsError', code: 'INVALID_CREDENTIALS', message: answers[0]?.message };
  for (const answer of answers) expect(answer).toEqual(refused);
  await api.client.signIn('late@reset.test');
});

test('unknown, invalid, disabled and closed addresses get the same answer and no mail', async () => {
  const { id } = await colleagueOf(api.client, demo.ana.token, 'disabled@reset.test');
  await api.client.mutate(demo.ana, 'updateUser', { userId: id, disabled: true });
  const closed = await plantPanel(api.client, demo.ana, 'closed@reset.test', 10);
  await api.client.data(demo.ana.token, CLOSE, { id: closed.id });
  expect(await signIn(api.client, 'closed@reset.test')).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  const asked = catcher.asked.length;
  for (const email of [
    'nobody@reset.test',
    'disabled@reset.test',
    'closed@reset.test',
    'no address',
    `${'x'.repeat(300)}@reset.test`,
    '',
  ]) {
    expect(await request(email)).toBe(TAKEN);
  }
  await idle();
  expect(catcher.asked.length).toBe(asked);
});

test('before the answer, a known and an unknown address cause the same work', async () => {
  await colleagueOf(api.client, demo.ana.token, 'known@reset.test');
  await idle();
  const work = async (email: string) => {
    const [before] = await sql`SELECT count(*)::int AS n FROM sign_in_failure WHERE key LIKE 'reset-%'`;
    await request(email);
    const [after] = await sql`SELECT count(*)::int AS n FROM sign_in_failure WHERE key LIKE 'reset-%'`;
    return Number(after?.n) - Number(before?.n);
  };
  expect(await work('known@reset.test')).toBe(2);
  expect(await work('unknown@reset.test')).toBe(2);
});

test('of 1,000 requests for one address five are sent, of one network fifty are accepted, with the same answer', async () => {
  await colleagueOf(api.client, demo.ana.token, 'flooded@reset.test');
  const answers = new Set<string>();
  for (let batch = 0; batch < 50; batch += 1) {
    for (const answer of await Promise.all(Array.from({ length: 20 }, () => request('flooded@reset.test')))) answers.add(answer);
  }
  expect([...answers]).toEqual([TAKEN]);
  await idle();
  expect(catcher.mails.filter(({ to }) => to === 'flooded@reset.test')).toHaveLength(5);

  for (let number = 0; number < 50; number += 1) await request(`many${number}@reset.test`, { from: '192.0.2.7' });
  await colleagueOf(api.client, demo.ana.token, 'behind@reset.test');
  expect(await request('behind@reset.test', { from: '192.0.2.7' })).toBe(TAKEN);
  await request('behind@reset.test');
  await catcher.mailTo('behind@reset.test');
  await idle();
  expect(catcher.mails.filter(({ to }) => to === 'behind@reset.test')).toHaveLength(1);
});

async function logOf(token: string) {
  const { auditLog } = await api.client.query(
    token,
    '{ auditLog(first: 100) { edges { node { action subject changes { field after } } } } }',
  );
  return auditLog.edges.map(({ node }) => node);
}

test("a mail that is refused for good is reported to the panel's owners, with a code and nothing more", async () => {
  await colleagueOf(api.client, demo.ana.token, 'refused@reset.test', 'VIEWER');
  catcher.refuse = (address) => (address === 'refused@reset.test' ? { status: 550, text: 'mailbox unavailable' } : null);
  await request('refused@reset.test');
  const entry = await until(async () => (await logOf(demo.ana.token)).find(({ action }) => action === 'MAIL_NOT_DELIVERED'));
  expect(entry).toEqual({
    action: 'MAIL_NOT_DELIVERED',
    subject: 'refused@reset.test',
    changes: [{ field: 'reason', after: 'SMTP EENVELOPE 550' }],
  });
  expect((await logOf(demo.other.token)).map(({ action }) => action)).not.toContain('MAIL_NOT_DELIVERED');
  const rows = await sql`SELECT body FROM outbox_message WHERE dead_at IS NOT NULL`;
  expect([...rows]).toEqual([{ body: null }]);
  catcher.refuse = () => null;
});

test('a mail server that is down delays mails and nothing else', async () => {
  await colleagueOf(api.client, demo.ana.token, 'patient@reset.test');
  await catcher.goDown();
  expect(await request('patient@reset.test')).toBe(TAKEN);
  await until(async () => (await sql`SELECT FROM outbox_message WHERE last_error IS NOT NULL AND dead_at IS NULL`).count === 1);
  await until(async () => (await fetch(`${api.client.origin}/ready`)).status === 200);
  // The error is written before the attempt is counted.
  await until(async () => {
    const texts = await Promise.all([api, second].map(async ({ client }) => (await fetch(`${client.origin}/metrics`)).text()));
    return texts.some((text) => /revenda_outbox_attempts_total\{channel="password-reset",outcome="failed"\} [1-9]/.test(text));
  });
  await catcher.comeUp();
  expect(await tokenFor('patient@reset.test')).toHaveLength(43);
});

test('neither a token nor an address is readable in the database, except the user’s own e-mail', async () => {
  await colleagueOf(api.client, demo.ana.token, 'sealed@reset.test');
  await request('sealed@reset.test');
  const link = await tokenFor('sealed@reset.test');
  const rows =
    await sql`SELECT p::text AS text FROM password_reset p UNION ALL SELECT m::text FROM outbox_message m UNION ALL SELECT l::text FROM outbox_lane l`;
  expect(rows.length).toBeGreaterThan(0);
  for (const { text } of rows) {
    expect(text).not.toContain(link);
    expect(text).not.toContain('sealed@reset.test');
  }
});

test('without mail settings the feature reports this, and is not offered', async () => {
  await using bare = await startApi({ databaseUrl: api.databaseUrl });
  const offered = '{ passwordResetByMail }';
  expect((await bare.client.ask(null, offered)).data).toEqual({ passwordResetByMail: false });
  expect((await api.client.ask(null, offered)).data).toEqual({ passwordResetByMail: true });
  expect((await bare.client.ask(null, REQUEST, { email: 'ana@demo.test' })).data).toEqual({ requestPasswordReset: { ok: false } });
});
