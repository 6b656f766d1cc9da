import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Directory } from '../../src/db/directory.ts';
import { openSql, type Sql } from '../../src/db/sql.ts';
import { createSessions, type Sessions } from '../../src/domain/identity/sessions.ts';
import { signOut } from '../../src/domain/identity/sign-out.ts';
import type { RightsHint } from '../../src/kernel/rights.ts';
import { openTestSql } from '../support/sql.ts';
import { PATIENCE_MS, until } from '../support/until.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { directoryOf } from '../support/worlds/directory.ts';
import { insertPerson, type Person, times } from './people.ts';

const IDLE_MINUTES = 60;
const MAX_DAYS = 2;
const HOUR_MS = 3_600_000;

let database: TestDatabase;
let owner: Sql;
let sql: Sql;
let directory: Directory | null;
/** Statements sent through `sql`, whole ones and fragments, in order. */
const sent: string[] = [];

beforeAll(async () => {
  database = await createDatabase();
  directory = directoryOf(database.url);
  owner = openTestSql(database.url, { max: 3 });
  const real = openTestSql(database.url, { max: 10, role: 'revenda_app' });
  sql = new Proxy(real, {
    apply(target, self, args: unknown[]) {
      sent.push(Array.isArray(args[0]) ? args[0].join('?') : '');
      return Reflect.apply(target, self, args);
    },
  });
});

afterAll(async () => {
  await Promise.all([owner.end(), sql.end()]);
  await database.drop();
});

function lookUps(): number {
  return sent.filter((statement) => statement.includes('s.token_hash =')).length;
}

function slides(): number {
  return sent.filter((statement) => statement.includes('UPDATE session')).length;
}

function createTested(options: { cacheMs?: number; maxCached?: number } = {}): Sessions {
  return createSessions({ sql, directory, idleMinutes: IDLE_MINUTES, maxDays: MAX_DAYS, ...options });
}

async function opened(sessions: Sessions, person: Person) {
  const session = await sessions.open(person);
  if (session === null) throw new Error('no session');
  return session;
}

async function remaining(sessionId: string): Promise<{ idle: number; max: number }> {
  const [row] = await owner<{ idle: number; max: number }[]>`
    SELECT (extract(epoch FROM expires_at - now()) * 1000)::float8 AS idle, (extract(epoch FROM ends_at - now()) * 1000)::float8 AS max
    FROM session WHERE id = ${sessionId}`;
  if (row === undefined) throw new Error('no session');
  return row;
}

/** Moves a session back in time, as if it had been opened and last used that much earlier. */
async function age(sessionId: string, interval: string): Promise<void> {
  // In two statements: a distributed database computes nothing from the columns that a statement writes.
  const [aged] = await owner<{ created: Date; expires: Date; ends: Date }[]>`
    SELECT created_at - ${interval}::interval AS created, expires_at - ${interval}::interval AS expires, ends_at - ${interval}::interval AS ends
    FROM session WHERE id = ${sessionId}`;
  if (aged === undefined) throw new Error('no session');
  await owner`UPDATE session SET created_at = ${aged.created}, expires_at = ${aged.expires}, ends_at = ${aged.ends} WHERE id = ${sessionId}`;
}

describe('a token', () => {
  test('is 32 random bytes, and only its SHA-256 is stored', async () => {
    const sessions = createTested();
    const { token, actor } = await opened(sessions, await insertPerson(owner));
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    const [row] = await owner<{ token_hash: Buffer; whole: string }[]>`
      SELECT token_hash, s::text AS whole FROM session s WHERE id = ${actor.sessionId}`;
    expect(row?.token_hash).toEqual(createHash('sha256').update(token).digest());
    expect(row?.whole).not.toContain(token);
    expect(row?.whole).not.toContain(Buffer.from(token, 'base64url').toString('hex'));
  });

  test.each(['', 'x', 'a'.repeat(43), `${'a'.repeat(42)}=`, 'a'.repeat(100_000)])('that nobody was given is nobody (%#)', async (token) => {
    expect(await createTested().authenticate(token)).toBeNull();
  });

  test('is looked up once for 100 concurrent requests, and not again while the cache is valid', async () => {
    const sessions = createTested({ cacheMs: PATIENCE_MS });
    const { token, actor } = await opened(sessions, await insertPerson(owner));
    const before = lookUps();
    expect(await Promise.all(times(100, () => sessions.authenticate(token)))).toEqual(times(100, () => actor));
    await sessions.authenticate(token);
    expect(lookUps() - before).toBe(1);
  });

  test('that is cached needs no statement and no turn of the event loop, and less CPU than hashing it twice', async () => {
    const sessions = createTested({ cacheMs: 3_600_000 });
    const { token } = await opened(sessions, await insertPerson(owner));
    await sessions.authenticate(token);
    const before = sent.length;
    let turns = 0;
    const turn = setImmediate(() => {
      turns += 1;
    });
    const cpuOf = async (call: () => unknown) => {
      const started = process.cpuUsage();
      for (let count = 0; count < 20_000; count += 1) await call();
      const { user, system } = process.cpuUsage(started);
      return user + system;
    };
    const authenticating: number[] = [];
    const hashing: number[] = [];
    for (const _round of times(5, () => null)) {
      authenticating.push(await cpuOf(() => sessions.authenticate(token)));
      hashing.push(await cpuOf(() => createHash('sha256').update(token).digest('hex')));
    }
    expect({ turns, statements: sent.length - before }).toEqual({ turns: 0, statements: 0 });
    clearImmediate(turn);
    expect(Math.min(...authenticating) / Math.min(...hashing)).toBeLessThan(2);
  });

  test('is looked up again when the cache has dropped it, by age or by number', async () => {
    const person = await insertPerson(owner);
    const forgetful = createTested({ cacheMs: 0 });
    const { token } = await opened(forgetful, person);
    let before = lookUps();
    for (const _ of times(3, () => null)) await forgetful.authenticate(token);
    expect(lookUps() - before).toBe(3);

    const small = createTested({ maxCached: 2 });
    const tokens = await Promise.all(times(3, async () => (await opened(small, person)).token));
    before = lookUps();
    for (const each of [...tokens, ...tokens]) expect(await small.authenticate(each)).not.toBeNull();
    expect(lookUps() - before).toBe(6);
  });
});

describe('a session', () => {
  test('begins with the idle time to live, within its longest life', async () => {
    const sessions = createTested();
    const { actor, expiresAtMs } = await opened(sessions, await insertPerson(owner));
    const { idle, max } = await remaining(actor.sessionId);
    expect(idle / HOUR_MS).toBeCloseTo(1, 1);
    expect(max / HOUR_MS).toBeCloseTo(48, 1);
    expect(actor.sessionExpiresAtMs).toBe(expiresAtMs);
  });

  test('slides with use, at most once a minute', async () => {
    const sessions = createTested({ cacheMs: 0 });
    const { token, actor } = await opened(sessions, await insertPerson(owner));
    await age(actor.sessionId, '30 seconds');
    const before = slides();
    await sessions.authenticate(token);
    expect(slides() - before).toBe(0);
    await age(actor.sessionId, '40 minutes');
    const answers = [await sessions.authenticate(token), await sessions.authenticate(token), await sessions.authenticate(token)];
    expect(slides() - before).toBe(1);
    expect((await remaining(actor.sessionId)).idle / HOUR_MS).toBeCloseTo(1, 1);
    expect(new Set(answers.map((answer) => answer?.sessionExpiresAtMs)).size).toBe(1);
    expect((answers[0]?.sessionExpiresAtMs ?? 0) - Date.now()).toBeGreaterThan(0.9 * HOUR_MS);
  });

  test('never slides past its end', async () => {
    const sessions = createTested({ cacheMs: 0 });
    const { token, actor } = await opened(sessions, await insertPerson(owner));
    await owner`UPDATE session SET expires_at = now() + interval '10 minutes', ends_at = now() + interval '20 minutes'
      WHERE id = ${actor.sessionId}`;
    await sessions.authenticate(token);
    const { idle, max } = await remaining(actor.sessionId);
    expect(idle).toBe(max);
    const before = slides();
    await sessions.authenticate(token);
    expect(slides() - before).toBe(0);
  });

  test('that is not used ends after its idle time', async () => {
    const sessions = createTested();
    const { token, actor } = await opened(sessions, await insertPerson(owner));
    await age(actor.sessionId, '61 minutes');
    expect(await sessions.authenticate(token)).toBeNull();
    expect(await sessions.stillValid([actor])).toEqual(new Map());
  });

  test('that is used every 50 minutes ends after its longest life', async () => {
    const sessions = createTested({ cacheMs: 0 });
    const { token, actor } = await opened(sessions, await insertPerson(owner));
    let uses = 0;
    while (uses < 100 && (await sessions.authenticate(token)) !== null) {
      uses += 1;
      await age(actor.sessionId, '50 minutes');
    }
    expect(uses).toBe(Math.ceil((MAX_DAYS * 24 * 60) / 50));
  });

  test('is not cached longer than it lives', async () => {
    const sessions = createTested({ cacheMs: 60_000 });
    const { token, actor } = await opened(sessions, await insertPerson(owner));
    // On a slow machine the session may end before it is read. Then it begins again.
    await until(async () => {
      await owner`UPDATE session SET expires_at = statement_timestamp() + interval '300 ms', ends_at = statement_timestamp() + interval '300 ms'
        WHERE id = ${actor.sessionId}`;
      return (await sessions.authenticate(token)) !== null;
    });
    await until(async () => (await sessions.authenticate(token)) === null);
  });

  test('of a disabled user or a closed panel does not exist, and none can be opened', async () => {
    const sessions = createTested({ cacheMs: 0 });
    const [disabled, closed] = [await insertPerson(owner), await insertPerson(owner)];
    const [first, second] = [await opened(sessions, disabled), await opened(sessions, closed)];
    await owner`UPDATE app_user SET disabled_at = now() WHERE id = ${disabled.userId}`;
    await owner`UPDATE reseller SET closed_at = now() WHERE id = ${closed.resellerId}`;
    for (const { token, actor } of [first, second]) {
      expect(await sessions.authenticate(token)).toBeNull();
      expect(await sessions.stillValid([actor])).toEqual(new Map());
    }
    expect(await sessions.open(disabled)).toBeNull();
    expect(await sessions.open(closed)).toBeNull();
  });

  test('that is signed out ends here at once, and every process is notified', async () => {
    const sessions = createTested({ cacheMs: 60_000 });
    const { token, actor } = await opened(sessions, await insertPerson(owner));
    await sessions.authenticate(token);
    const announced: RightsHint[] = [];
    await signOut({ sessions, announce: (hint) => announced.push(hint) }, actor);
    expect(await sessions.authenticate(token)).toBeNull();
    const { tenantId, sessionId } = actor;
    expect(announced).toEqual([{ kind: 'session', tenantId, sessionId }]);
    expect((await owner`SELECT FROM session WHERE id = ${sessionId}`).count).toBe(0);
  });
});

describe('a hint', () => {
  const concerning: [string, (person: Person, sessionId: string) => RightsHint | null, boolean][] = [
    ['its session', ({ tenantId }, sessionId) => ({ kind: 'session', tenantId, sessionId }), true],
    ['another session', ({ tenantId, userId }) => ({ kind: 'session', tenantId, sessionId: userId }), false],
    ['its user', ({ tenantId, userId }) => ({ kind: 'user', tenantId, userId }), true],
    ['another user', ({ tenantId, resellerId }) => ({ kind: 'user', tenantId, userId: resellerId }), false],
    ['its branch', ({ tenantId }) => ({ kind: 'branch', tenantId, paths: ['z.', 'a.'] }), true],
    ['another branch', ({ tenantId }) => ({ kind: 'branch', tenantId, paths: ['a.b.', 'z.'] }), false],
    ["another tenant's branch", ({ userId }) => ({ kind: 'branch', tenantId: userId, paths: ['a.'] }), false],
    ['anything at all', () => null, true],
  ];

  test.each(concerning)('about %s makes a session be looked up again only if it concerns it', async (_about, hint, concerned) => {
    const sessions = createTested({ cacheMs: 60_000 });
    const person = await insertPerson(owner);
    const { token, actor } = await opened(sessions, person);
    await sessions.authenticate(token);
    const before = lookUps();
    sessions.invalidate(hint(person, actor.sessionId));
    await sessions.authenticate(token);
    expect(lookUps() - before).toBe(concerned ? 1 : 0);
  });

  test('that arrives during a look-up discards its answer, and a later caller does not share it', async () => {
    const sessions = createTested({ cacheMs: 60_000 });
    const person = await insertPerson(owner);
    const { token, actor } = await opened(sessions, person);
    await age(actor.sessionId, '10 minutes');
    // The look-up reads its row, and then waits to extend it.
    const held = await owner.reserve();
    await held`BEGIN`;
    await held`SELECT FROM session WHERE id = ${actor.sessionId} FOR UPDATE`;
    const during = sessions.authenticate(token);
    const waiting = async () =>
      (await owner`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`).count;
    await until(async () => (await waiting()) === 1);
    await owner`UPDATE app_user SET disabled_at = now() WHERE id = ${person.userId}`;
    sessions.invalidate({ kind: 'user', tenantId: person.tenantId, userId: person.userId });
    expect(await sessions.authenticate(token)).toBeNull();
    await held`COMMIT`;
    held.release();
    expect(await during).toMatchObject({ sessionId: actor.sessionId });
    expect(await sessions.authenticate(token)).toBeNull();
  });
});

describe('open sockets', () => {
  test('are rechecked in one query, which returns the valid ones with their current rights', async () => {
    const sessions = createTested();
    const people = await Promise.all(times(20, () => insertPerson(owner)));
    const actors = await Promise.all(people.map(async (person) => (await opened(sessions, person)).actor));
    const [ended, demoted] = actors;
    if (ended === undefined || demoted === undefined) throw new Error('no actors');
    await sessions.end(ended);
    await owner`UPDATE app_user SET role = 'VIEWER' WHERE id = ${demoted.userId}`;
    const before = sent.filter((statement) => statement.includes('unnest')).length;
    const valid = await sessions.stillValid(actors);
    expect(sent.filter((statement) => statement.includes('unnest')).length - before).toBe(1);
    expect([...valid.keys()].sort()).toEqual(
      actors
        .slice(1)
        .map((actor) => actor.sessionId)
        .sort(),
    );
    expect(valid.get(demoted.sessionId)?.role).toBe('VIEWER');
    expect(await sessions.stillValid([])).toEqual(new Map());
  });

  test('by the thousands are looked up by key alone, even with unanalyzed tables and plans from when they were empty', async () => {
    const fresh = await createDatabase();
    const plans: string[] = [];
    const filling = openTestSql(fresh.url);
    await filling.unsafe(`ALTER DATABASE ${new URL(fresh.url).pathname.slice(1)} SET session_preload_libraries = 'auto_explain'`);
    const explained = openSql(fresh.url, {
      name: 'test explained',
      max: 1,
      role: 'revenda_app',
      parameters: {
        'auto_explain.log_min_duration': '0',
        'auto_explain.log_analyze': 'on',
        client_min_messages: 'log',
      },
      onNotice: (notice) => plans.push(notice.message ?? ''),
    });
    const sessions = createSessions({ sql: explained, directory: null, idleMinutes: IDLE_MINUTES, maxDays: MAX_DAYS });
    const { tenantId, resellerId, userId } = await insertPerson(filling);
    const { actor } = await opened(sessions, { tenantId, resellerId, userId, email: '' });
    // From the sixth execution on, Postgres keeps a plan for any values.
    for (let round = 0; round < 7; round += 1) expect((await sessions.stillValid([actor])).size).toBe(1);
    await filling`
      INSERT INTO reseller (tenant_id, id, parent_id, path, depth, name, created_at)
      SELECT ${tenantId}, gen_random_uuid(), ${resellerId}, 'a.' || n || '.', 1, 'Panel', now() FROM generate_series(1, 3000) n`;
    await filling`
      INSERT INTO app_user (tenant_id, id, reseller_id, email, password_hash, role, created_at)
      SELECT tenant_id, id, id, id || '@people.test', 'none', 'OWNER', now() FROM reseller WHERE parent_id IS NOT NULL`;
    await filling`
      INSERT INTO session (tenant_id, id, user_id, token_hash, created_at, expires_at, ends_at)
      SELECT tenant_id, id, id, sha256(id::text::bytea), now(), now() + interval '1 hour', now() + interval '1 hour' FROM app_user WHERE id <> ${userId}`;
    await filling`
      INSERT INTO api_key (tenant_id, id, reseller_id, user_id, name, prefix, token_hash, scope, created_at)
      SELECT tenant_id, gen_random_uuid(), reseller_id, id, 'Key', 'rvk_' || left(md5(id::text), 12), sha256(id::text::bytea), 'READ', now() FROM app_user`;
    const asked = await filling<{ tenantId: string; sessionId: string }[]>`
      SELECT tenant_id AS "tenantId", id AS "sessionId" FROM session UNION ALL SELECT tenant_id, id FROM api_key`;
    expect(asked).toHaveLength(6002);
    plans.length = 0;
    expect((await sessions.stillValid(asked)).size).toBe(6002);
    const ofTables = plans.filter((plan) => plan.includes(' on session'));
    expect(ofTables).toHaveLength(7);
    for (const plan of ofTables) {
      expect(plan).not.toMatch(/Seq Scan|Hash Join|Merge Join/);
      for (const table of ['session', 'app_user', 'reseller', 'api_key'])
        expect(plan).toContain(`Index Scan using ${table}_pkey on ${table}`);
    }
    await Promise.all([filling.end(), explained.end()]);
    await fresh.drop();
  });

  test('never match a session of another tenant', async () => {
    const sessions = createTested();
    const { actor } = await opened(sessions, await insertPerson(owner));
    const other = await insertPerson(owner);
    expect(await sessions.stillValid([{ tenantId: other.tenantId, sessionId: actor.sessionId }])).toEqual(new Map());
  });
});

test('a sweep deletes expired sessions, and nothing else', async () => {
  const sessions = createTested();
  const person = await insertPerson(owner);
  const [over, alive] = [await opened(sessions, person), await opened(sessions, person)];
  await owner`DELETE FROM session WHERE id NOT IN (${over.actor.sessionId}, ${alive.actor.sessionId})`;
  await age(over.actor.sessionId, '2 hours');
  expect(await sessions.sweep()).toBe(1);
  expect(await sessions.sweep()).toBe(0);
  expect(await sessions.authenticate(alive.token)).not.toBeNull();
});
