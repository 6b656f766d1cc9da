import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Directory } from '../../src/db/directory.ts';
import { openSql, type Sql } from '../../src/db/sql.ts';
import { createPasswords, type Passwords } from '../../src/domain/identity/passwords.ts';
import { createSessions } from '../../src/domain/identity/sessions.ts';
import { signIn } from '../../src/domain/identity/sign-in.ts';
import { createSignInLimits, type SignInLimitOptions } from '../../src/domain/identity/sign-in-limits.ts';
import { InvalidCredentials, InvalidInput, Overloaded, RateLimited } from '../../src/kernel/errors.ts';
import { createSecretBox } from '../../src/kernel/secrets.ts';
import { CHEAP_PASSWORDS } from '../support/patient.ts';
import { openTestSql } from '../support/sql.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { directoryOf } from '../support/worlds/directory.ts';
import { insertPerson, type Person, times } from './people.ts';

const PASSWORD = 'correct horse battery';
const WRONG = 'wrong horse battery';

let database: TestDatabase;
let owner: Sql;
let sql: Sql;
let directory: Directory | null;
let passwordHash: string;
let nextAddress = 0;

beforeAll(async () => {
  database = await createDatabase();
  directory = directoryOf(database.url);
  owner = openTestSql(database.url, { max: 2 });
  sql = openTestSql(database.url, { max: 10, role: 'revenda_app' });
  passwordHash = await createPasswords({ maxConcurrent: 1 }).hash(PASSWORD);
});

afterAll(async () => {
  await Promise.all([owner.end(), sql.end()]);
  await database.drop();
});

/** Sign-in as in a separate process: it shares only the database with others. */
function createDoor(limits: Omit<SignInLimitOptions, 'sql'> = {}) {
  const real = createPasswords({ maxConcurrent: 3, cost: CHEAP_PASSWORDS });
  const verified: boolean[] = [];
  const passwords: Passwords = {
    hash: real.hash,
    async verify(hash, password) {
      const isRight = await real.verify(hash, password);
      verified.push(isRight);
      return isRight;
    },
  };
  const sessions = createSessions({ sql, directory, idleMinutes: 60, maxDays: 7 });
  const ports = { sql, directory, passwords, sessions, secrets: createSecretBox([]), signInLimits: createSignInLimits({ sql, ...limits }) };
  return {
    ports,
    verified,
    try: (email: string, password: string, address: string) => outcome(signIn(ports, { email, password, address })),
  };
}

async function outcome(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    () => 'signed in',
    (error: unknown) => error,
  );
}

function codes(outcomes: readonly unknown[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const result of outcomes) {
    const name = result instanceof Error ? result.name : String(result);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

function newAddress(): string {
  nextAddress += 1;
  return `10.1.${nextAddress >> 8}.${nextAddress & 255}`;
}

function person(): Promise<Person> {
  return insertPerson(owner, { passwordHash });
}

describe('signing in', () => {
  test('returns a token that authenticates its user, however the e-mail is typed', async () => {
    const { ports } = createDoor();
    const ana = await person();
    const opened = await signIn(ports, { email: ` ${ana.email.toUpperCase()} `, password: PASSWORD, address: newAddress() });
    const { tenantId, userId, email, resellerId } = ana;
    expect(opened.actor).toMatchObject({ tenantId, userId, email, role: 'OWNER', panel: { id: resellerId, path: 'a.', depth: 0 } });
    expect(await ports.sessions.authenticate(opened.token)).toEqual(opened.actor);
  });

  test('R44: finds the user and counts failures under any form of the domain, and tries the exact address first', async () => {
    const user = await insertPerson(owner, { email: 'x@xn--mnchen-3ya.test', passwordHash });
    const { ports } = createDoor();
    for (const email of ['x@münchen.test', 'X@MÜNCHEN.test.', 'x@xn--mnchen-3ya.test']) {
      const { token } = await signIn(ports, { email, password: PASSWORD, address: '203.0.113.77' });
      expect(await ports.sessions.authenticate(token), email).toMatchObject({ userId: user.userId });
    }
    const door = createDoor({ failuresPerAccountAndAddress: 2 });
    const typed = ['y@münchen.test', 'y@xn--mnchen-3ya.test', 'y@MÜNCHEN.test.'];
    const outcomes = [];
    for (const email of typed) outcomes.push(await door.try(email, WRONG, '203.0.113.78'));
    expect(outcomes.map((one) => one?.constructor)).toEqual([InvalidCredentials, InvalidCredentials, RateLimited]);
    const [first, second] = [
      await insertPerson(owner, { email: 'z@x.test', passwordHash }),
      await insertPerson(owner, { email: 'z@x.test.', passwordHash }),
    ];
    for (const [email, { userId }] of [
      ['z@x.test', first],
      ['z@x.test.', second],
    ] as const) {
      const { token } = await signIn(ports, { email, password: PASSWORD, address: '203.0.113.77' });
      expect(await ports.sessions.authenticate(token), email).toMatchObject({ userId });
    }
  });

  test('with a text of a bad length is refused with its path, and the text is not repeated', async () => {
    const door = createDoor();
    const refusal = await door.try('no', 'hush', newAddress());
    expect(refusal).toBeInstanceOf(InvalidInput);
    expect(refusal).toMatchObject({ fields: [{ path: 'input.email' }, { path: 'input.password' }] });
    expect(String(refusal)).not.toContain('hush');
  });

  test('with an unknown e-mail, wrong password, disabled user or closed panel gives one refusal after one verification', async () => {
    const [ana, disabled, closed] = [await person(), await person(), await person()];
    await owner`UPDATE app_user SET disabled_at = now() WHERE id = ${disabled.userId}`;
    await owner`UPDATE reseller SET closed_at = now() WHERE id = ${closed.resellerId}`;
    const attempts = [
      ['nobody@people.test', PASSWORD],
      [ana.email, WRONG],
      [disabled.email, PASSWORD],
      [closed.email, PASSWORD],
    ] as const;
    for (const [email, password] of attempts) {
      const door = createDoor();
      expect(await door.try(email, password, newAddress())).toEqual(new InvalidCredentials());
      expect(door.verified).toEqual([false]);
    }
  });
});

describe('the limit on failures', () => {
  test('allows 200 parallel wrong guesses from one address 10 verifications, over two processes together', async () => {
    const ana = await person();
    const address = newAddress();
    const doors = [createDoor(), createDoor()] as const;
    const outcomes = await Promise.all(times(200, (index) => doors[index % 2 === 0 ? 0 : 1].try(ana.email, WRONG, address)));
    expect(doors[0].verified.length + doors[1].verified.length).toBe(10);
    expect(codes(outcomes)).toEqual({ InvalidCredentials: 10, RateLimited: 190 });
    const refusal = await doors[0].try(ana.email, PASSWORD, address);
    expect(refusal).toBeInstanceOf(RateLimited);
    if (refusal instanceof RateLimited) {
      expect(refusal.retryAfterSeconds).toBeGreaterThan(800);
      expect(refusal.retryAfterSeconds).toBeLessThanOrEqual(900);
    }
  });

  test('bounds guesses at one account from many addresses, and does not lock out its user at her own address', async () => {
    const ana = await person();
    const home = newAddress();
    const door = createDoor({ failuresPerAccount: 20 });
    expect(await door.try(ana.email, PASSWORD, home)).toBe('signed in');
    const outcomes = await Promise.all(times(100, () => door.try(ana.email, WRONG, newAddress())));
    expect(codes(outcomes)).toEqual({ InvalidCredentials: 20, RateLimited: 80 });
    expect(await door.try(ana.email, PASSWORD, newAddress())).toBeInstanceOf(RateLimited);
    expect(await door.try(ana.email, PASSWORD, home)).toBe('signed in');
  });

  test('bounds guesses from one address at many accounts, with an IPv6 /64 as one address', async () => {
    const door = createDoor({ failuresPerAddress: 15 });
    const guess = (index: number) => door.try(`nobody${index}@people.test`, WRONG, `2001:db8:7:7::${index.toString(16)}`);
    const outcomes = await Promise.all(times(40, guess));
    expect(door.verified).toHaveLength(15);
    expect(codes(outcomes)).toEqual({ InvalidCredentials: 15, RateLimited: 25 });
    expect(await door.try('nobody@people.test', WRONG, '2001:db8:7:8::1')).toBeInstanceOf(InvalidCredentials);
  });

  test('counts an IPv4 address and its IPv6-mapped form as one', async () => {
    const ana = await person();
    const door = createDoor({ failuresPerAccountAndAddress: 1 });
    expect(await door.try(ana.email, WRONG, '198.51.100.9')).toBeInstanceOf(InvalidCredentials);
    expect(await door.try(ana.email, WRONG, '::ffff:198.51.100.9')).toBeInstanceOf(RateLimited);
  });

  test('starts again after the right password', async () => {
    const ana = await person();
    const address = newAddress();
    const door = createDoor({ failuresPerAccountAndAddress: 3 });
    for (const _round of times(4, () => null)) {
      for (const _guess of times(2, () => null)) expect(await door.try(ana.email, WRONG, address)).toBeInstanceOf(InvalidCredentials);
      expect(await door.try(ana.email, PASSWORD, address)).toBe('signed in');
    }
  });

  test('starts again when its window is over', async () => {
    const ana = await person();
    const address = newAddress();
    const door = createDoor({ failuresPerAccountAndAddress: 1 });
    await door.try(ana.email, WRONG, address);
    expect(await door.try(ana.email, PASSWORD, address)).toBeInstanceOf(RateLimited);
    await owner`UPDATE sign_in_failure SET expire = expire - 901 * 1000`;
    expect(await door.try(ana.email, PASSWORD, address)).toBe('signed in');
  });

  test('counts only failures: 150 right passwords at once from one address all sign in, and leave no count', async () => {
    const people = await Promise.all(times(15, person));
    const address = newAddress();
    const door = createDoor();
    const outcomes = await Promise.all(times(150, (index) => door.try(people[index % 15]?.email ?? '', PASSWORD, address)));
    expect(codes(outcomes)).toEqual({ 'signed in': 150 });
    const after = createDoor({ failuresPerAddress: 1, failuresPerAccount: 1, failuresPerAccountAndAddress: 1 });
    expect(await after.try(people[0]?.email ?? '', PASSWORD, address)).toBe('signed in');
  });

  test('does not count an attempt that could not be verified', async () => {
    const ana = await person();
    const address = newAddress();
    const door = createDoor({ failuresPerAccountAndAddress: 1, failuresPerAddress: 1, failuresPerAccount: 1 });
    const attempt = door.ports.signInLimits.attempt(ana.email, address, () => Promise.reject(new Overloaded(1)));
    await expect(attempt).rejects.toBeInstanceOf(Overloaded);
    expect(await door.try(ana.email, PASSWORD, address)).toBe('signed in');
  });

  test('refuses sign-in while the database does not answer', async () => {
    const ana = await person();
    const broken = openSql(database.url, { name: 'test broken', max: 1, role: 'revenda_read' });
    const verified: string[] = [];
    const attempt = createSignInLimits({ sql: broken }).attempt(ana.email, newAddress(), async () => verified.push('verified'));
    await expect(attempt).rejects.toMatchObject({ code: '42501' });
    await broken.end();
    const gone = createSignInLimits({ sql: broken }).attempt(ana.email, newAddress(), async () => verified.push('verified'));
    await expect(gone).rejects.toMatchObject({ code: 'CONNECTION_ENDED' });
    expect(verified).toEqual([]);
  });

  test('stores neither e-mails nor addresses, and sweeps expired rows', async () => {
    const ana = await person();
    const address = '192.0.2.44';
    const door = createDoor();
    await door.try(ana.email, WRONG, address);
    const rows = await owner<{ key: string }[]>`SELECT key FROM sign_in_failure`;
    expect(rows.length).toBeGreaterThan(0);
    for (const { key } of rows) {
      expect(key).not.toContain(ana.email);
      expect(key).not.toContain(address);
    }
    await owner`UPDATE sign_in_failure SET expire = 0`;
    await door.ports.signInLimits.sweep();
    expect((await owner`SELECT FROM sign_in_failure`).count).toBe(0);
  });
});
