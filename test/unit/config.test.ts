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

test('with an own database it listens on all addresses, and its cookies need HTTPS', () => {
  const config = readConfig({ DATABASE_URL, CORS_ORIGINS: 'https://a.example, http://localhost:3000' });
  expect(config).toMatchObject({ host: '0.0.0.0', cookieSecure: true, database: { url: DATABASE_URL, migrateUrl: DATABASE_URL } });
  expect(config.corsOrigins).toEqual(['https://a.example', 'http://localhost:3000']);
});

test('an empty variable counts as not set', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: ' ', PLATFORM_EMAIL: '', PLATFORM_PASSWORD: '' })).toEqual(readConfig({}));
});

test('an overloaded server refuses before it parses, unless a setting says otherwise', () => {
  expect(readConfig({}).refuseUnparsed).toBe(true);
  expect(readConfig({ REFUSE_UNPARSED: 'false' }).refuseUnparsed).toBe(false);
  expect(problem({ REFUSE_UNPARSED: 'hidden' })).toBe('REFUSE_UNPARSED must be true or false');
});

test('a number that is not whole, or out of range, is refused by name', () => {
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

const SECRETS_KEY = Buffer.alloc(32).toString('base64');
const FROM = 'Revenda <no-reply@example.com>';

test('mail is set up by one URL or by its parts, with TLS from the first byte at port 465', () => {
  expect(readConfig({}).mail).toBe(null);
  const login = { user: 'a@b', password: 'p:/@' };
  const byUrl = readConfig({ SMTP_URL: 'smtp://a%40b:p%3A%2F%40@mail.example.com', MAIL_FROM: FROM }).mail;
  expect(byUrl).toEqual({ host: 'mail.example.com', port: 587, secure: false, login, from: FROM });
  const parts = { SMTP_HOST: 'mail.example.com', SMTP_USER: 'a@b', SMTP_PASSWORD: 'p:/@', MAIL_FROM: FROM };
  expect(readConfig(parts).mail).toEqual(byUrl);
  expect(readConfig({ ...parts, SMTP_PORT: '465' }).mail).toMatchObject({ port: 465, secure: true });
  expect(readConfig({ ...parts, SMTP_SECURE: 'true' }).mail).toMatchObject({ port: 465, secure: true });
  expect(readConfig({ SMTP_URL: 'smtps://[::1]', MAIL_FROM: 'a@b.example' }).mail).toEqual({
    host: '::1',
    port: 465,
    secure: true,
    login: null,
    from: 'a@b.example',
  });
});

test('a malformed or incomplete mail setting is refused by its name, without its value', () => {
  const server = { SMTP_HOST: 'mail.example.com', MAIL_FROM: FROM };
  const wrong: Record<string, NodeJS.ProcessEnv> = {
    'SMTP_URL must be smtp://user:password@host:port, or smtps:// for TLS from the first byte': {
      SMTP_URL: 'http://hidden@x',
      MAIL_FROM: FROM,
    },
    'SMTP_URL cannot be combined with SMTP_HOST: set one of them': { ...server, SMTP_URL: 'smtp://mail.example.com' },
    'SMTP_HOST must be the name or address of a mail server': { SMTP_HOST: 'hidden@/x', MAIL_FROM: FROM },
    'SMTP_PORT must be a whole number from 1 to 65535': { ...server, SMTP_PORT: 'hidden' },
    'SMTP_HOST must be set with SMTP_PORT, SMTP_SECURE, SMTP_USER and SMTP_PASSWORD': { SMTP_PORT: '25' },
    'SMTP_USER must be set together with SMTP_PASSWORD': { ...server, SMTP_PASSWORD: 'hidden' },
    'MAIL_FROM must be set together with SMTP_URL or SMTP_HOST': { SMTP_HOST: 'mail.example.com' },
    'MAIL_FROM must be an address, or a name and <an address>': { ...server, MAIL_FROM: 'hidden\nBcc: x@y.example' },
    'SECRETS_KEY must be set if mail is set up: waiting mails are stored encrypted': { ...server, DATABASE_URL },
  };
  for (const [message, environment] of Object.entries(wrong)) expect(problem(environment)).toBe(message);
  expect(readConfig({ ...server, DATABASE_URL, SECRETS_KEY }).mail).not.toBe(null);
});
