import { generateSync } from 'otplib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sql } from '../../src/db/sql.ts';
import { type Api, PASSWORD, startApi } from '../support/clients/api.ts';
import { colleagueOf, isSignedIn, signIn } from '../support/clients/people-api.ts';
import { openTestSql } from '../support/sql.ts';
import { plantTenant } from '../support/worlds/demo.ts';

let api: Api;
let second: Api;
let sql: Sql;
let owner: string;

beforeAll(async () => {
  api = await startApi();
  second = await startApi({ databaseUrl: api.databaseUrl });
  sql = openTestSql(api.databaseUrl);
  owner = (await plantTenant(api.client, await api.client.signIn('platform@revenda.test'), 'root@totp.test', 10)).token;
});

afterAll(async () => {
  await sql.end();
  await second[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

const STEP_SECONDS = 30;

/** The app's code, `steps` later than now. */
function codeOf(secret: string, steps = 0): string {
  return generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + steps * STEP_SECONDS });
}

/** A code that is not valid now. */
function wrongCode(secret: string): string {
  const right = [-2, -1, 0, 1, 2].map((steps) => codeOf(secret, steps));
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !right.includes(code)) ?? '';
}

interface Holder {
  readonly email: string;
  readonly token: string;
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}

/** A new user who has turned one-time passwords on. */
async function holder(name: string): Promise<Holder> {
  const email = `${name}@totp.test`;
  const { token } = await colleagueOf(api.client, owner, email, 'VIEWER');
  const { secret = '' } = await api.client.mutate(token, 'startTotp', { password: PASSWORD });
  // The next code is already valid; after it the current one is too old, however long the test takes.
  const { recoveryCodes = [] } = await api.client.mutate(token, 'confirmTotp', { otp: codeOf(secret, 1) });
  expect(recoveryCodes).toHaveLength(10);
  return { email, token, secret, recoveryCodes };
}

/** As if the last code had been used long ago. */
async function forgetLastCode({ email }: Holder): Promise<void> {
  await sql`UPDATE app_user SET totp_last_step = NULL WHERE email = ${email}`;
}

describe('turning one-time passwords on', () => {
  test('takes the password and then a code; until the code nothing has changed', async () => {
    const email = 'start@totp.test';
    const { token } = await colleagueOf(api.client, owner, email, 'VIEWER');
    expect(await api.client.mutate(token, 'confirmTotp', { otp: '123456' })).toMatchObject({ code: 'INVALID_STATE' });
    expect(await api.client.mutate(token, 'startTotp', { password: 'not the password' })).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    const first = await api.client.mutate(token, 'startTotp', { password: PASSWORD });
    const started = await api.client.mutate(token, 'startTotp', { password: PASSWORD });
    expect(started.secret).not.toBe(first.secret);
    expect(started.otpauthUri).toBe(`otpauth://totp/Revenda:start%40totp.test?secret=${started.secret}&issuer=Revenda`);
    expect(await signIn(api.client, email)).toMatchObject({ __typename: 'SignInPayload' });
    for (const otp of [wrongCode(started.secret ?? ''), codeOf(first.secret ?? ''), 'not a code', '']) {
      expect(await api.client.mutate(token, 'confirmTotp', { otp })).toMatchObject({
        code: 'INVALID_INPUT',
        fields: [{ path: 'input.otp' }],
      });
    }
    const confirmed = await api.client.mutate(token, 'confirmTotp', { otp: codeOf(started.secret ?? '') });
    expect(confirmed).toMatchObject({ user: { totpEnabled: true } });
    expect(new Set(confirmed.recoveryCodes).size).toBe(10);
    for (const code of confirmed.recoveryCodes ?? []) expect(code).toMatch(/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/);
    expect(await api.client.mutate(token, 'startTotp', { password: PASSWORD })).toMatchObject({ code: 'INVALID_STATE' });
    expect(await isSignedIn(api.client, token)).toBe(true);
  });

  test('of two concurrent confirmations one returns recovery codes, and those are the valid ones', async () => {
    const { token } = await colleagueOf(api.client, owner, 'twice@totp.test', 'VIEWER');
    const { secret = '' } = await api.client.mutate(token, 'startTotp', { password: PASSWORD });
    const both = await Promise.all([api, second].map(({ client }) => client.mutate(token, 'confirmTotp', { otp: codeOf(secret) })));
    expect(both.map(({ __typename }) => __typename).sort()).toEqual(['ConfirmTotpPayload', 'InvalidStateError']);
    const codes = both.flatMap(({ recoveryCodes }) => recoveryCodes ?? []);
    expect(await signIn(api.client, 'twice@totp.test', codes[0])).toMatchObject({ __typename: 'SignInPayload' });
  });

  test('no secret and no recovery code is readable in the database', async () => {
    const { secret, recoveryCodes } = await holder('sealed');
    const rows = await sql`SELECT totp_secret FROM app_user WHERE email = 'sealed@totp.test'`;
    expect(rows[0]?.totp_secret).toMatch(/^v1\.[0-9a-f]{8}\./);
    const [dump] = await sql`
      SELECT (SELECT string_agg(u::text, ' ') FROM app_user u) || (SELECT string_agg(c::text, ' ') FROM recovery_code c)
        || (SELECT string_agg(l::text, ' ') FROM audit_log l) AS everything`;
    for (const one of [secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replaceAll('-', ''))]) {
      expect(dump?.everything).not.toContain(one);
    }
  });
});

describe('signing in', () => {
  test('asks for the code only after the right password, and accepts it with spaces', async () => {
    const someone = await holder('asks');
    const { email, secret } = someone;
    expect(await signIn(api.client, email)).toEqual({ __typename: 'OtpRequiredError', code: 'OTP_REQUIRED', message: expect.any(String) });
    expect(await signIn(api.client, email, '')).toMatchObject({ code: 'OTP_REQUIRED' });
    expect(await signIn(api.client, email, undefined, 'not the password')).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(await signIn(api.client, email, wrongCode(secret))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    await forgetLastCode(someone);
    const code = codeOf(secret);
    expect(await signIn(api.client, email, `${code.slice(0, 3)} ${code.slice(3)}`)).toMatchObject({ __typename: 'SignInPayload' });
  });

  test('a code works once: not again, not the one before it, and of two concurrent uses one is admitted', async () => {
    const someone = await holder('once');
    expect(await signIn(api.client, someone.email, codeOf(someone.secret))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    for (let round = 0; round < 3; round += 1) {
      await forgetLastCode(someone);
      const code = codeOf(someone.secret);
      const all = await Promise.all([api, second, api, second].map(({ client }) => signIn(client, someone.email, code)));
      expect(all.filter(({ __typename }) => __typename === 'SignInPayload')).toHaveLength(1);
    }
    expect(await signIn(api.client, someone.email, codeOf(someone.secret, -1))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  });

  test('each recovery code works once, even in capitals and without dashes; of two concurrent uses one is admitted', async () => {
    const { email, recoveryCodes } = await holder('recovers');
    const [first = '', ...others] = recoveryCodes;
    expect(await signIn(api.client, email, first.toUpperCase().replaceAll('-', ''))).toMatchObject({ __typename: 'SignInPayload' });
    expect(await signIn(api.client, email, first)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    for (const code of others.slice(0, 4)) {
      const both = await Promise.all([api, second].map(({ client }) => signIn(client, email, code)));
      expect(both.map(({ __typename }) => __typename).sort()).toEqual(['InvalidCredentialsError', 'SignInPayload']);
    }
  });

  test('guessing codes with the right password is limited, and an attempt without a code does not reset the count', async () => {
    const { email, secret, token } = await holder('guessed');
    const codes: (string | undefined)[] = [];
    for (let index = 0; index < 12; index += 1) {
      codes.push((await signIn(api.client, email, wrongCode(secret))).code);
      if (index === 5) expect(await signIn(api.client, email)).toMatchObject({ code: 'OTP_REQUIRED' });
      // A right password used for something else does not reset it either.
      if (index === 6) {
        const change = await api.client.mutate(token, 'changePassword', { currentPassword: PASSWORD, newPassword: PASSWORD });
        expect(change.__typename).toBe('ChangePasswordPayload');
      }
    }
    expect(codes).toEqual([...Array(10).fill('INVALID_CREDENTIALS'), 'RATE_LIMITED', 'RATE_LIMITED']);
    expect(await signIn(api.client, email, codeOf(secret, 1))).toMatchObject({ code: 'RATE_LIMITED' });
  });
});

describe('turning them off, and new recovery codes', () => {
  test('take the password and a code, and wrong ones are counted', async () => {
    const someone = await holder('off');
    const { email, secret, token } = someone;
    const disable = (password: string, otp: string) => api.client.mutate(token, 'disableTotp', { password, otp });
    expect(await disable(PASSWORD, wrongCode(secret))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(await disable('not the password', codeOf(secret, 1))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    await forgetLastCode(someone);
    expect(await disable(PASSWORD, codeOf(secret))).toMatchObject({ user: { totpEnabled: false } });
    expect(await disable(PASSWORD, codeOf(secret, 1))).toMatchObject({ code: 'INVALID_STATE' });
    expect(await signIn(api.client, email)).toMatchObject({ __typename: 'SignInPayload' });
    expect(await api.client.mutate(token, 'regenerateRecoveryCodes', { password: PASSWORD, otp: '000000' })).toMatchObject({
      code: 'INVALID_STATE',
    });
    const guessed: (string | undefined)[] = [];
    const again = await holder('off2');
    for (let index = 0; index < 11; index += 1) {
      const answer = await api.client.mutate(again, 'disableTotp', { password: PASSWORD, otp: wrongCode(again.secret) });
      guessed.push(answer.code);
    }
    expect(guessed.at(-1)).toBe('RATE_LIMITED');
  });

  test('new recovery codes replace the old ones, also with a recovery code, which is used up', async () => {
    const { email, recoveryCodes, token } = await holder('renews');
    const [used = '', old = ''] = recoveryCodes;
    const renewed = await api.client.mutate(token, 'regenerateRecoveryCodes', { password: PASSWORD, otp: used });
    expect(renewed.recoveryCodes).toHaveLength(10);
    for (const code of [used, old]) expect(await signIn(api.client, email, code)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(await signIn(api.client, email, renewed.recoveryCodes?.[9])).toMatchObject({ __typename: 'SignInPayload' });
    const [left] =
      await sql`SELECT count(*)::int AS codes FROM recovery_code c JOIN app_user u ON u.tenant_id = c.tenant_id AND u.id = c.user_id WHERE email = ${email}`;
    expect(left?.codes).toBe(9);
  });
});

test('a server without SECRETS_KEY reports this in a typed error, and does everything else', async () => {
  await using without = await startApi({ databaseUrl: api.databaseUrl, settings: { SECRETS_KEY: '' } });
  const { token } = await colleagueOf(without.client, owner, 'without@totp.test', 'VIEWER');
  expect(await without.client.mutate(token, 'startTotp', { password: PASSWORD })).toMatchObject({ code: 'INVALID_STATE' });
});
