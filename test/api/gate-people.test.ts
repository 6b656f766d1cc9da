import { generateSync } from 'otplib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { PASSWORD } from '../support/clients/api.ts';
import { noteWords } from '../support/worlds/directory.ts';
import { OBJECT_FIELDS } from './gate-rules.ts';
import { namesOf, OWNERS_WITNESSES, PEOPLE_ANSWERS, selection } from './gate-witnesses.ts';
import { GateWorld } from './gate-world.ts';

let world: GateWorld;

beforeAll(async () => {
  world = await GateWorld.open();
});

afterAll(() => world[Symbol.asyncDispose]());

/** Values in an answer that later calls need. */
interface Answer {
  readonly user?: { readonly id: string };
  readonly secret?: string;
  readonly recoveryCodes?: readonly string[];
  readonly apiKey?: { readonly id: string };
  readonly endpoint?: { readonly id: string };
}

const proven: string[] = [];

/** Stores a token as a mail's link has one. */
async function keepResetToken(sql: Sql, email: string, token: string): Promise<void> {
  await sql`
    INSERT INTO password_reset (tenant_id, user_id, token_hash, state_digest, expires_at)
    SELECT tenant_id, id, sha256(${token}::bytea), sha256(convert_to(password_hash || ' ' || email, 'UTF8')), now() + interval '30 minutes'
    FROM app_user WHERE email = ${email}`;
  await noteWords(sql, 'PASSWORD_RESET', "SELECT encode(token_hash, 'hex'), tenant_id, user_id FROM password_reset");
}

/** Makes a call whose answer has this type, with all its fields and `also` selected. */
async function answered(token: string | null, type: string, field: string, also = ''): Promise<Answer> {
  const all = selection(type, namesOf(OBJECT_FIELDS[type], 'answer'));
  const isUnion = !['RevokeOtherSessionsPayload', 'RequestPasswordResetPayload'].includes(type);
  const fields = isUnion ? `{ __typename ... on ${type} ${all} ${also} }` : all.replace('{', '{ __typename');
  const { data, errors, text } = await world.both.compiling.ask<{ answer: Answer }>(token, `mutation { answer: ${field} ${fields} }`);
  expect(errors, text).toEqual([]);
  expect(data, text).toMatchObject({ answer: { __typename: type } });
  proven.push(type);
  return data?.answer ?? {};
}

test('every field of every payload about users and keys is returned to the caller', async () => {
  const { token: owner } = world.demo.root;
  const client = world.both.interpreting;
  const email = 'gate@people.test';
  const invite = `inviteUser(input: { email: "${email}", password: "${PASSWORD}", role: OPERATOR })`;
  const { user } = await answered(owner, 'InviteUserPayload', invite, '... on InviteUserPayload { user { id } }');
  await answered(owner, 'UpdateUserPayload', `updateUser(input: { userId: "${user?.id}", role: VIEWER })`);
  const helpless = await client.data<{ made: { user: { id: string } } }>(
    owner,
    `mutation { made: inviteUser(input: { email: "helpless@people.test", password: "${PASSWORD}", role: OWNER }) { ... on InviteUserPayload { user { id } } } }`,
  );
  await answered(owner, 'ResetUserAccessPayload', `resetUserAccess(input: { userId: "${helpless.made.user.id}" })`);
  await answered(owner, 'OpenSupportSessionPayload', `openSupportSession(input: { resellerId: "${world.demo.ana.id}", reason: "gate" })`);

  const token = await client.signIn(email);
  const other = await client.signIn(email);
  const { viewer } = await client.query(other, '{ viewer { sessions { id current } } }');
  const session = viewer.sessions.find(({ current }) => current);
  await answered(token, 'RevokeSessionPayload', `revokeSession(input: { sessionId: "${session?.id}" })`);
  await answered(token, 'RevokeOtherSessionsPayload', 'revokeOtherSessions');
  await answered(token, 'ChangeEmailPayload', `changeEmail(input: { email: "moved.${email}", password: "${PASSWORD}" })`);
  await answered(token, 'ChangeEmailPayload', `changeEmail(input: { email: "${email}", password: "${PASSWORD}" })`);
  await answered(token, 'ChangePasswordPayload', `changePassword(input: { currentPassword: "${PASSWORD}", newPassword: "${PASSWORD}" })`);

  const { secret = '' } = await answered(token, 'StartTotpPayload', `startTotp(input: { password: "${PASSWORD}" })`);
  const { recoveryCodes = [] } = await answered(token, 'ConfirmTotpPayload', `confirmTotp(input: { otp: "${generateSync({ secret })}" })`);
  await answered(null, 'OtpRequiredError', `signIn(input: { email: "${email}", password: "${PASSWORD}" })`);
  const confirmed = (otp: string | undefined) => `(input: { password: "${PASSWORD}", otp: "${otp}" })`;
  const renewed = await answered(token, 'RegenerateRecoveryCodesPayload', `regenerateRecoveryCodes${confirmed(recoveryCodes[0])}`);
  await answered(token, 'DisableTotpPayload', `disableTotp${confirmed(renewed.recoveryCodes?.[0])}`);

  await answered(null, 'RequestPasswordResetPayload', `requestPasswordReset(input: { email: "${email}" })`);
  const resetToken = 'r'.repeat(43);
  await world.prepare((sql) => keepResetToken(sql, email, resetToken));
  await answered(null, 'ResetPasswordPayload', `resetPassword(input: { token: "${resetToken}", newPassword: "${PASSWORD}" })`);

  const create = 'createApiKey(input: { name: "gate", scope: READ })';
  const { apiKey } = await answered(owner, 'CreateApiKeyPayload', create, '... on CreateApiKeyPayload { apiKey { id } }');
  await answered(owner, 'RevokeApiKeyPayload', `revokeApiKey(input: { apiKeyId: "${apiKey?.id}" })`);

  const hook = 'createWebhookEndpoint(input: { url: "https://hooks.test", events: [CUSTOMER_EXPIRED] })';
  const { endpoint } = await answered(
    owner,
    'CreateWebhookEndpointPayload',
    hook,
    '... on CreateWebhookEndpointPayload { endpoint { id } }',
  );
  const one = `endpointId: "${endpoint?.id}"`;
  await answered(owner, 'SendTestEventPayload', `sendTestEvent(input: { ${one} })`);
  await answered(owner, 'ReplayEventsPayload', `replayEvents(input: { ${one}, afterVersion: 0 })`);
  await answered(owner, 'UpdateWebhookEndpointPayload', `updateWebhookEndpoint(input: { ${one}, enabled: false })`);
  await answered(owner, 'RotateWebhookSecretPayload', `rotateWebhookSecret(input: { ${one} })`);
  await answered(owner, 'RemoveWebhookEndpointPayload', `removeWebhookEndpoint(input: { ${one} })`);
  expect([...new Set(proven)].sort()).toEqual([...PEOPLE_ANSWERS].sort());
});

test('only an owner reads every field of the team, the keys and the log', async () => {
  for (const [type, witness] of Object.entries(OWNERS_WITNESSES)) {
    const document = witness(selection(type, namesOf(OBJECT_FIELDS[type], 'beyond')));
    expect((await world.ask(world.tokens.ROOT_OWNER, document)).errors, document).toEqual([]);
    for (const role of ['OPERATOR', 'FINANCE', 'VIEWER'] as const) {
      expect((await world.ask(world.tokens[role], document)).errors, document).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
    expect((await world.ask(world.demo.zero.token, document)).errors, document).toMatchObject([{ extensions: { code: 'PANEL_LOCKED' } }]);
  }
});
