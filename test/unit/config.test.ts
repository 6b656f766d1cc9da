import { expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { StartupProblem } from '../../src/kernel/startup-problem.ts';

const DATABASE_URL = 'postgresql://user:hidden@host:5432/db';

function problem(environment: NodeJS.ProcessEnv): string {
  try {
    readConfig(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(StartupProblem);
    return error instanceof Error ? error.message : '';
  }
  throw new Error('the settings were taken');
}

test('without any setting the demo is served to this machine only', () => {
  expect(readConfig({})).toMatchObject({
    port: 4000,
    host: '127.0.0.1',
    database: null,
    dataDir: '.data',
    cookieSecure: false,
    corsOrigins: [],
  });
});

test('with a database of its own it listens everywhere, and its cookies need HTTPS', () => {
  const config = readConfig({ DATABASE_URL, CORS_ORIGINS: 'https://a.example, http://localhost:3000' });
  expect(config).toMatchObject({ host: '0.0.0.0', cookieSecure: true, database: { url: DATABASE_URL, migrateUrl: DATABASE_URL } });
  expect(config.corsOrigins).toEqual(['https://a.example', 'http://localhost:3000']);
});

test('an empty variable is one that is not set', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: ' ', PLATFORM_EMAIL: '', PLATFORM_PASSWORD: '' })).toEqual(readConfig({}));
});

test('a number that is not whole, or out of bounds, is refused by name', () => {
  for (const PORT of ['http', '-1', '1.5', '65536', '0x10', '1e3'])
    expect(problem({ PORT })).toBe('PORT must be a whole number from 0 to 65535');
  expect(problem({ SESSION_IDLE_MINUTES: '0' })).toBe('SESSION_IDLE_MINUTES must be a whole number from 1 to 525600');
});

test('every malformed setting is named at once, none with its value', () => {
  const message = problem({ DATABASE_URL: 'mysql://user:hidden@host/db', COOKIE_SECURE: 'hidden', LOG_LEVEL: 'hidden', CORS_ORIGINS: '*' });
  for (const name of ['DATABASE_URL', 'COOKIE_SECURE', 'LOG_LEVEL', 'CORS_ORIGINS']) expect(message).toContain(`${name} must be`);
  expect(message).not.toContain('hidden');
  expect(message).not.toContain('\n');
});

test('an origin with a path, a wildcard or no scheme is refused', () => {
  const others = 'chrome-extension://abcdefghijklmnop,electron://altair,moz-extension://0a-1b,capacitor://localhost,app://.';
  expect(readConfig({ CORS_ORIGINS: others }).corsOrigins).toEqual(others.split(','));
  for (const CORS_ORIGINS of [
    'null',
    'file:///',
    'file://x',
    'data://x',
    'chrome-extension://x/y',
    'chrome-extension://',
    'https://a.example/',
    '*',
    'a.example',
    'https://a.example/panel',
  ]) {
    expect(problem({ CORS_ORIGINS })).toMatch(/^CORS_ORIGINS must be origins/);
  }
});

test('settings that need each other are refused alone', () => {
  expect(problem({ PLATFORM_EMAIL: 'me@example.com' })).toBe('PLATFORM_EMAIL must be set together with PLATFORM_PASSWORD');
  expect(problem({ MIGRATE_DATABASE_URL: DATABASE_URL })).toBe('MIGRATE_DATABASE_URL needs DATABASE_URL');
  expect(problem({ PLATFORM_EMAIL: 'me@example.com', PLATFORM_PASSWORD: 'hidden' })).toBe(
    'PLATFORM_PASSWORD must have 10 to 128 characters',
  );
});

test('SECRETS_KEY is keys of 32 bytes in base64, the newest first; none by default', () => {
  const [first, second] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  expect(readConfig({}).secretsKeys).toEqual([]);
  expect(readConfig({ SECRETS_KEY: first.toString('base64') }).secretsKeys).toEqual([first]);
  expect(readConfig({ SECRETS_KEY: `${second.toString('base64')}, ${first.toString('base64')}` }).secretsKeys).toEqual([second, first]);
  for (const bad of ['hidden', Buffer.alloc(31).toString('base64'), `${first.toString('base64')},hidden`]) {
    expect(problem({ SECRETS_KEY: bad })).toMatch(/^SECRETS_KEY must be 32 random bytes in base64/);
  }
});
