import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Directory, openDirectory, type WordRow } from '../../src/db/directory.ts';
import { openSql, type Sql } from '../../src/db/sql.ts';
import { readTopology } from '../../src/db/topology.ts';
import { recordInAnyTenant } from '../../src/domain/audit/record.ts';
import { emailName } from '../../src/domain/identity/emails.ts';
import { inviteUser } from '../../src/domain/identity/invite-user.ts';
import { sweepPasswordResets } from '../../src/domain/identity/password-reset-channel.ts';
import { createPasswords } from '../../src/domain/identity/passwords.ts';
import { createSessions } from '../../src/domain/identity/sessions.ts';
import { PLATFORM_TENANT_ID } from '../../src/kernel/actor.ts';
import { AlreadyExists } from '../../src/kernel/errors.ts';
import { insertPerson, times } from '../identity/people.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { directoryOf } from '../support/worlds/directory.ts';

/** Skipped without a Citus cluster, which TEST_TOPOLOGY=citus announces. */
describe.skipIf(inject('topology') !== 'citus')('the directory of words', () => {
  let database: TestDatabase;
  let sql: Sql;
  let directory: Directory;
  const passwords = createPasswords({ maxConcurrent: 2 });

  beforeAll(async () => {
    database = await createDatabase();
    sql = openSql(database.url, { name: 'test', max: 10, role: 'revenda_app' });
    const opened = directoryOf(database.url);
    if (opened === null) throw new Error('the database is not distributed');
    directory = opened;
  });
  afterAll(async () => {
    await sql.end();
    await database.drop();
  });

  const usersWith = (email: string) => sql<WordRow[]>`
    SELECT tenant_id AS "tenantId", id AS "subjectId" FROM app_user WHERE email = ${email}`;
  /** An OWNER of a new tenant, who sends invitations. */
  async function inviter() {
    const person = await insertPerson(sql);
    await sql`
      INSERT INTO account (tenant_id, id, balance, version, changed_at) VALUES (${person.tenantId}, ${person.resellerId}, 10, 0, now())`;
    const sessions = createSessions({ sql, directory, idleMinutes: 60, maxDays: 1 });
    const opened = await sessions.open(person);
    if (opened === null) throw new Error('no session');
    return (email: string) =>
      inviteUser(
        { sql, directory, passwords },
        { actor: opened.actor, address: null },
        { email, password: 'a long password', role: 'VIEWER' },
      );
  }

  test('of many tenants that take an e-mail at once one gets it, and the others learn that it is taken', async () => {
    const inviters = await Promise.all(times(6, inviter));
    for (const email of times(4, (index) => `wanted${index}@people.test`)) {
      const results = await Promise.allSettled(inviters.map((invite) => invite(email)));
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const result of results) if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(AlreadyExists);
      const users = await usersWith(email);
      expect(users).toHaveLength(1);
      expect(await directory.find('EMAIL', email)).toEqual(users[0]);
    }
  });

  test('a word noted before a crash can be taken at once by the next caller, in the same tenant or another', async () => {
    const email = 'orphan@people.test';
    const { tenantId, userId } = await insertPerson(sql);
    await directory.note('EMAIL', email, { tenantId, subjectId: userId });
    expect(await usersWith(email)).toHaveLength(0);
    const invite = await inviter();
    const invited = await invite(email);
    expect(await directory.find('EMAIL', email)).toEqual({ tenantId: invited.tenantId, subjectId: invited.id });
    await expect((await inviter())(email)).rejects.toThrow(AlreadyExists);
  });

  test('a word whose row is about to be committed is not taken over: the next caller waits for its lock', async () => {
    const email = 'slow@people.test';
    const { resellerId, tenantId } = await insertPerson(sql);
    const subjectId = crypto.randomUUID();
    const isHeld = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const first = directory.withLocks([emailName(email)], async () => {
      await directory.note('EMAIL', email, { tenantId, subjectId });
      isHeld.resolve();
      await goOn.promise;
      await sql`
        INSERT INTO app_user (tenant_id, id, reseller_id, email, password_hash, role, created_at)
        VALUES (${tenantId}, ${subjectId}, ${resellerId}, ${email}, 'none', 'VIEWER', now())`;
    });
    await isHeld.promise;
    const invite = await inviter();
    const second = invite(email).catch((error: unknown) => error);
    goOn.resolve();
    await first;
    expect(await second).toBeInstanceOf(AlreadyExists);
    expect(await usersWith(email)).toEqual([{ tenantId, subjectId }]);
  });

  test('a key, a session and a support token are found by their tenant, and a single database has no directory', async () => {
    const { tenantId, userId } = await insertPerson(sql);
    const sessions = createSessions({ sql, directory, idleMinutes: 60, maxDays: 1 });
    const opened = await sessions.open({ tenantId, userId });
    sessions.invalidate(null);
    expect(await sessions.authenticate(opened?.token ?? '')).toMatchObject({ tenantId, userId });
    expect(await sessions.authenticate('x'.repeat(43))).toBeNull();
    expect((await sessions.stillValid([{ tenantId, sessionId: opened?.actor.sessionId ?? '' }])).size).toBe(1);
    expect(openDirectory(database.url, 'single')).toBeNull();
    expect(await readTopology(sql)).toBe('citus');
  });

  test('expired sessions and links are swept before their words, and young ones stay', async () => {
    const people = await Promise.all([insertPerson(sql), insertPerson(sql)]);
    const sessions = createSessions({ sql, directory, idleMinutes: 60, maxDays: 1 });
    const opened = await Promise.all(people.map((person) => sessions.open(person)));
    const words = async () => {
      const rows = await sql<{ id: string }[]>`SELECT subject_id AS id FROM directory WHERE kind = 'SESSION'`;
      return opened.map((one) => rows.some(({ id }) => id === one?.actor.sessionId));
    };
    const [person] = people;
    await sql`UPDATE session SET expires_at = now() - interval '1 second' WHERE tenant_id = ${person?.tenantId ?? null}`;
    expect(await sessions.sweep()).toBe(1);
    // The word stays until no session of that age can be open.
    expect(await words()).toEqual([true, true]);
    await sql`UPDATE directory SET noted_at = now() - interval '49 hours' WHERE kind = 'SESSION' AND tenant_id = ${person?.tenantId ?? null}`;
    expect(await sessions.sweep()).toBe(0);
    expect(await words()).toEqual([false, true]);

    await sql`
      INSERT INTO password_reset (tenant_id, user_id, token_hash, state_digest, expires_at)
      VALUES (${person?.tenantId ?? null}, ${person?.userId ?? null}, sha256('old'), sha256('state'), now() - interval '2 days')`;
    await directory.note('PASSWORD_RESET', 'old', { tenantId: person?.tenantId ?? '', subjectId: person?.userId ?? '' });
    await sql`UPDATE directory SET noted_at = now() - interval '30 days' WHERE kind = 'PASSWORD_RESET' AND word = 'old'`;
    await sweepPasswordResets({ sql, directory, topology: 'citus' });
    expect((await sql`SELECT FROM password_reset WHERE tenant_id = ${person?.tenantId ?? null}`).count).toBe(0);
    expect(await directory.find('PASSWORD_RESET', 'old')).toBeNull();
  });

  test('many callers that lock several names at once, each over one connection, all finish', async () => {
    const names = ['a name', 'another name', 'a third name'];
    const done = await Promise.all(times(40, (index) => directory.withLocks(names.slice(index % 2), () => Promise.resolve(index))));
    expect(done).toHaveLength(40);
  });

  test('what is committed separately stays, whatever becomes of the transaction that it belongs to', async () => {
    const { tenantId, userId } = await insertPerson(sql);
    const failing = sql.begin(async (tx) => {
      const entry = {
        tenantId,
        resellerId: null,
        actorId: userId,
        address: null,
        action: 'USER_ACCESS_RESET',
        subject: 'x',
        changes: [],
      } as const;
      await recordInAnyTenant({ directory }, tx, PLATFORM_TENANT_ID, entry);
      throw new Error('cut here');
    });
    await expect(failing).rejects.toThrow('cut here');
    expect((await sql`SELECT FROM audit_log WHERE tenant_id = ${tenantId}`).count).toBe(1);
  });
});
