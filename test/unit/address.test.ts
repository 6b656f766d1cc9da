import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { readAddress } from '../../src/db/address.ts';
import { StartupProblem } from '../../src/kernel/startup-problem.ts';

const BASE = 'postgresql://user:hidden@host:5433/db';

afterEach(() => {
  vi.unstubAllEnvs();
});

function problem(url: string): string {
  try {
    readAddress(url);
  } catch (error) {
    expect(error).toBeInstanceOf(StartupProblem);
    return error instanceof Error ? error.message : '';
  }
  throw new Error('the address was taken');
}

test('the parts of an address are decoded, and the environment is not used', () => {
  for (const [name, value] of Object.entries({
    PGHOST: 'elsewhere',
    PGPORT: '1',
    PGUSER: 'other',
    PGPASSWORD: 'other',
    PGSSLMODE: 'require',
  })) {
    vi.stubEnv(name, value);
  }
  expect(readAddress('postgres://us%40er:hid%3Aden@[::1]/my%20db')).toEqual({
    host: '::1',
    port: 5432,
    user: 'us@er',
    password: 'hid:den',
    database: 'my db',
    tls: false,
    routing: undefined,
  });
  expect(readAddress('postgresql://user@host')).toMatchObject({ database: 'user', password: '', tls: false });
});

test('the addresses that Prisma, Neon and Supabase give out are accepted', () => {
  const trusting = { rejectUnauthorized: false };
  expect(readAddress(`${BASE}?schema=public&connection_limit=5&pool_timeout=2&sslmode=disable`).tls).toBe(false);
  expect(readAddress(`${BASE}?sslmode=require&channel_binding=require`).tls).toEqual(trusting);
  expect(readAddress(`${BASE}?pgbouncer=true&connection_limit=1&supa=base-pooler.x`).tls).toBe(false);
  expect(readAddress(`${BASE}?sslmode=require&options=endpoint%3Dep-cool-1`)).toMatchObject({
    tls: trusting,
    routing: 'endpoint=ep-cool-1',
  });
  expect(readAddress(`${BASE}?sslmode=require&sslaccept=strict`).tls).toEqual({ rejectUnauthorized: true });
});

test('sslmode has the meaning that libpq gives it', async () => {
  const root = join(tmpdir(), `revenda-root-${process.pid}.pem`);
  await writeFile(root, 'a certificate');
  expect(readAddress(`${BASE}?sslmode=verify-full`).tls).toEqual({ rejectUnauthorized: true });
  expect(readAddress(`${BASE}?sslrootcert=system`).tls).toEqual({ rejectUnauthorized: true });
  expect(readAddress(`${BASE}?sslmode=verify-full&sslrootcert=${root}`).tls).toEqual({ rejectUnauthorized: true, ca: 'a certificate' });
  const issuerOnly = { rejectUnauthorized: true, ca: 'a certificate', checkServerIdentity: expect.any(Function) };
  expect(readAddress(`${BASE}?sslmode=verify-ca&sslrootcert=${root}`).tls).toEqual(issuerOnly);
  expect(readAddress(`${BASE}?sslmode=require&sslrootcert=${root}`).tls).toEqual(issuerOnly);
});

test('a part that cannot be honored is named, without its value', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['mysql://user:hidden@host/db', /^must be a URL like postgresql:/],
    ['postgresql://host/db', /^must name a user/],
    ['postgresql://us%er:hidden@host/db', /%25/],
    [`${BASE}?schema=hidden`, /parameter schema, which can only be public/],
    [`${BASE}?target_session_attrs=standby`, /target_session_attrs, which can only be any or read-write or primary/],
    [`${BASE}?sslmode=prefer`, /disable, require, verify-ca or verify-full/],
    [`${BASE}?options=-c%20statement_timeout%3Dhidden`, /parameter options/],
    [`${BASE}?statement_timeout=1`, /parameter statement_timeout/],
    [`${BASE}?hidden%0Aline=1`, /parameter whose name cannot be shown/],
    [`${BASE}?sslmode=verify-full&sslrootcert=/nowhere/hidden.pem`, /names a file in sslrootcert that cannot be read/],
    [`${BASE}?sslmode=require&sslcert=/nowhere`, /needs sslcert and sslkey together/],
  ];
  for (const [url, expected] of cases) {
    const message = problem(url);
    expect(message).toMatch(expected);
    expect(message).not.toMatch(/hidden|\n/);
  }
});
