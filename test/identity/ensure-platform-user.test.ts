import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Directory } from '../../src/db/directory.ts';
import type { Sql } from '../../src/db/sql.ts';
import { ensurePlatformUser } from '../../src/domain/identity/ensure-platform-user.ts';
import { createPasswords } from '../../src/domain/identity/passwords.ts';
import { createSessions } from '../../src/domain/identity/sessions.ts';
import { PLATFORM_TENANT_ID } from '../../src/kernel/actor.ts';
import { InvalidInput } from '../../src/kernel/errors.ts';
import { CHEAP_PASSWORDS } from '../support/patient.ts';
import { openTestSql } from '../support/sql.ts';
import { createDatabase, type TestDatabase } from '../support/worlds/database.ts';
import { directoryOf } from '../support/worlds/directory.ts';
import { times } from './people.ts';

let database: TestDatabase;
let sql: Sql;
let directory: Directory | null;
const passwords = createPasswords({ maxConcurrent: 3, cost: CHEAP_PASSWORDS });

beforeAll(async () => {
  database = await createDatabase();
  directory = directoryOf(database.url);
  sql = openTestSql(database.url, { max: 8, role: 'revenda_app' });
});

afterAll(async () => {
  await sql.end();
  await database.drop();
});

test('the platform user is created once, however many processes create it, and later starts do not change it', async () => {
  const made = await Promise.all(
    times(8, () => ensurePlatformUser({ sql, directory, passwords }, 'Platform@Revenda.test', 'first password')),
  );
  expect(made.filter(Boolean)).toHaveLength(1);
  expect(await ensurePlatformUser({ sql, directory, passwords }, 'platform@revenda.test', 'second password')).toBe(false);
  const users = await sql<{ id: string; tenant_id: string; email: string; role: string; password_hash: string }[]>`SELECT * FROM app_user`;
  expect(users).toMatchObject([{ tenant_id: PLATFORM_TENANT_ID, email: 'platform@revenda.test', role: 'PLATFORM' }]);
  expect(await passwords.verify(users[0]?.password_hash ?? null, 'first password')).toBe(true);
  const opened = await createSessions({ sql, directory, idleMinutes: 60, maxDays: 1 }).open({
    tenantId: PLATFORM_TENANT_ID,
    userId: users[0]?.id ?? '',
  });
  expect(opened?.actor).toMatchObject({ role: 'PLATFORM', panel: null });
});

test('a platform user with a short password is refused as invalid input', async () => {
  await expect(ensurePlatformUser({ sql, directory, passwords }, 'other@revenda.test', 'short')).rejects.toThrow(InvalidInput);
});
