/** Reads every setting from the environment once, checks it, and gives it a name and a type. */

import { z } from 'zod';
import { readAddress } from './db/address.ts';
import { SECRET_KEY_BYTES } from './kernel/secrets.ts';
import { StartupProblem } from './kernel/startup-problem.ts';
import { isSender, type MailSettings, readSmtpUrl, SECURE_PORT, SUBMISSION_PORT } from './mail/settings.ts';
import type { TracingSettings } from './server/tracing.ts';

const number = (lowest: number, highest: number) => {
  const error = `must be a whole number from ${lowest} to ${highest}`;
  const digits = z.string().regex(/^\d{1,9}$/, { error, abort: true });
  return digits.transform(Number).pipe(z.number().min(lowest, { error }).max(highest, { error }));
};

const whole = (lowest: number, highest: number, fallback: number) => number(lowest, highest).default(fallback);

/** Parsed in advance, as its consumer will parse it, so that a wrong value is reported before anything starts. */
const readable = (read: (text: string) => unknown) =>
  z
    .string()
    .superRefine((text, context) => {
      try {
        read(text);
      } catch (error) {
        if (!(error instanceof StartupProblem)) throw error;
        context.addIssue({ code: 'custom', message: error.message });
      }
    })
    .optional();

const databaseUrl = readable(readAddress);

const origins = z
  .string()
  .default('')
  .transform((text) => text.split(',').flatMap((part) => part.trim() || []))
  .refine((list) => list.every(isOrigin), {
    error: 'must be origins such as https://panel.example.com, separated by commas',
  });

const webUrl = z
  .string()
  .refine((text) => /^https?:$/.test(parsed(text)?.protocol ?? ''), { error: 'must be a URL such as https://panel.example.com' });

const secretsKeys = z
  .string()
  .default('')
  .transform((text) => text.split(',').flatMap((part) => part.trim() || []))
  .refine((list) => list.every((key) => isBase64(key) && Buffer.from(key, 'base64').length === SECRET_KEY_BYTES), {
    error: `must be ${SECRET_KEY_BYTES} random bytes in base64; to replace a key: the new and the old key, separated by a comma`,
  })
  .transform((list) => list.map((key) => Buffer.from(key, 'base64')));

const traceHeaders = z
  .string()
  .default('')
  .transform((text) => text.split(',').flatMap((part) => part.trim() || []))
  .refine((list) => list.every((part) => /^[\w-]+=[\x20-\x7e]*$/.test(part)), { error: 'must be name=value pairs, separated by commas' })
  .transform((list) => Object.fromEntries(list.map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)])));

const settings = z
  .object({
    PORT: whole(0, 65_535, 4000),
    PROCESSES: z
      .string()
      .regex(/^(?:auto|[1-9]|[1-5]\d|6[0-4])$/, 'must be auto, or a whole number from 1 to 64')
      .transform((text) => (text === 'auto' ? text : Number(text)))
      .optional(),
    HOST: z.string().optional(),
    DATABASE_URL: databaseUrl,
    MIGRATE_DATABASE_URL: databaseUrl,
    READ_DATABASE_URL: databaseUrl,
    DATA_DIR: z.string().default('.data'),
    LOG_LEVEL: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
        error: 'must be fatal, error, warn, info, debug, trace or silent',
      })
      .default('info'),
    CORS_ORIGINS: origins,
    TRUST_PROXY: whole(0, 10, 0),
    COOKIE_SECURE: z.stringbool({ error: 'must be true or false' }).optional(),
    SESSION_IDLE_MINUTES: whole(1, 525_600, 720),
    SESSION_MAX_DAYS: whole(1, 365, 30),
    SECRETS_KEY: secretsKeys,
    PUBLIC_URL: webUrl.optional(),
    STRIPE_API_URL: webUrl.default('https://api.stripe.com'),
    MERCADO_PAGO_API_URL: webUrl.default('https://api.mercadopago.com'),
    SMTP_URL: readable(readSmtpUrl),
    SMTP_HOST: z
      .string()
      .regex(/^[^\s/@]+$/, 'must be the name or address of a mail server')
      .optional(),
    SMTP_PORT: number(1, 65_535).optional(),
    SMTP_SECURE: z.stringbool({ error: 'must be true or false' }).optional(),
    SMTP_USER: z.string().optional(),
    SMTP_PASSWORD: z.string().optional(),
    MAIL_FROM: z.string().refine(isSender, { error: 'must be an address, or a name and <an address>' }).optional(),
    PLATFORM_EMAIL: z.string().optional(),
    PLATFORM_PASSWORD: z.string().min(10, 'must have 10 to 128 characters').max(128, 'must have 10 to 128 characters').optional(),
    READ_CONNECTIONS: whole(1, 500, 10),
    WRITE_CONNECTIONS: whole(1, 100, 5),
    PASSWORD_HASHES_AT_ONCE: whole(1, 64, 2),
    POSTING_BATCHES_IN_FLIGHT: whole(1, 16, 2),
    POSTING_COMMANDS_PER_BATCH: whole(1, 1000, 256),
    POSTING_MAX_OPEN_COMMANDS: whole(1, 1_000_000, 20_000),
    POSTING_MAX_WAIT_MS: whole(10, 60_000, 2_000),
    DRAIN_SECONDS: whole(1, 600, 30),
    OTEL_EXPORTER_OTLP_ENDPOINT: webUrl.optional(),
    OTEL_EXPORTER_OTLP_HEADERS: traceHeaders,
    OTEL_SERVICE_NAME: z.string().default('revenda'),
    OTEL_TRACES_SAMPLER_ARG: z
      .string()
      .regex(/^(?:0(?:\.\d{1,9})?|1(?:\.0{1,9})?)$/, 'must be a number from 0 to 1')
      .default('1')
      .transform(Number),
    REFUSE_UNPARSED: z.stringbool({ error: 'must be true or false' }).default(true),
  })
  .refine((env) => (env.PLATFORM_EMAIL === undefined) === (env.PLATFORM_PASSWORD === undefined), {
    path: ['PLATFORM_EMAIL'],
    error: 'must be set together with PLATFORM_PASSWORD',
  })
  .refine((env) => env.MIGRATE_DATABASE_URL === undefined || env.DATABASE_URL !== undefined, {
    path: ['MIGRATE_DATABASE_URL'],
    error: 'needs DATABASE_URL',
  })
  .refine((env) => env.READ_DATABASE_URL === undefined || env.DATABASE_URL !== undefined, {
    path: ['READ_DATABASE_URL'],
    error: 'needs DATABASE_URL',
  })
  .refine((env) => env.SMTP_URL === undefined || env.SMTP_HOST === undefined, {
    path: ['SMTP_URL'],
    error: 'cannot be combined with SMTP_HOST: set one of them',
  })
  .refine((env) => env.SMTP_HOST !== undefined || [env.SMTP_PORT, env.SMTP_SECURE, env.SMTP_USER, env.SMTP_PASSWORD].every(isAbsent), {
    path: ['SMTP_HOST'],
    error: 'must be set with SMTP_PORT, SMTP_SECURE, SMTP_USER and SMTP_PASSWORD',
  })
  .refine((env) => isAbsent(env.SMTP_USER) === isAbsent(env.SMTP_PASSWORD), {
    path: ['SMTP_USER'],
    error: 'must be set together with SMTP_PASSWORD',
  })
  .refine((env) => isAbsent(env.MAIL_FROM) === (isAbsent(env.SMTP_URL) && isAbsent(env.SMTP_HOST)), {
    path: ['MAIL_FROM'],
    error: 'must be set together with SMTP_URL or SMTP_HOST',
  })
  .refine((env) => isAbsent(env.MAIL_FROM) || env.SECRETS_KEY.length > 0 || env.DATABASE_URL === undefined, {
    path: ['SECRETS_KEY'],
    error: 'must be set if mail is set up: waiting mails are stored encrypted',
  });

function isAbsent(value: unknown): boolean {
  return value === undefined;
}

/** The SMTP server and the sender, or null if mail is not set up. */
function mailOf(env: z.infer<typeof settings>): MailSettings | null {
  const { MAIL_FROM: from, SMTP_HOST: host, SMTP_PASSWORD: password, SMTP_URL: url, SMTP_USER: user } = env;
  if (from === undefined) return null;
  if (url !== undefined) return { ...readSmtpUrl(url), from };
  if (host === undefined) return null;
  const port = env.SMTP_PORT ?? (env.SMTP_SECURE ? SECURE_PORT : SUBMISSION_PORT);
  const login = user === undefined || password === undefined ? null : { user, password };
  return { host, port, secure: env.SMTP_SECURE ?? port === SECURE_PORT, login, from };
}

function databaseOf(env: z.infer<typeof settings>): DatabaseSettings | null {
  const { DATABASE_URL: url, MIGRATE_DATABASE_URL: migrateUrl = url, READ_DATABASE_URL: readUrl = null } = env;
  return url === undefined || migrateUrl === undefined ? null : { url, migrateUrl, readUrl };
}

function tracingOf(env: z.infer<typeof settings>): TracingSettings | null {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: headers, OTEL_TRACES_SAMPLER_ARG: ratio } = env;
  return endpoint === undefined ? null : { endpoint, headers, serviceName: env.OTEL_SERVICE_NAME, ratio };
}

/** The settings from the environment. Everything else is a named constant next to the code that it limits. */
export interface Config {
  /** 0 chooses a free port. */
  readonly port: number;
  /** How many processes serve the port; auto: one for each core, or fewer if the database has too few connections. */
  readonly processes: number | 'auto';
  readonly host: string;
  /** Null: run the embedded Postgres, with the demo tree. */
  readonly database: DatabaseSettings | null;
  /** The folder of the embedded Postgres' data. */
  readonly dataDir: string;
  readonly logLevel: string;
  /** Exact origins; empty: no other origin is allowed. */
  readonly corsOrigins: readonly string[];
  /** How many proxies are in front of the server and append to X-Forwarded-For. */
  readonly trustProxyHops: number;
  readonly cookieSecure: boolean;
  readonly sessionIdleMinutes: number;
  readonly sessionMaxDays: number;
  /** Keys for stored secrets: the first encrypts, all decrypt. Empty: with DATABASE_URL no secrets are stored; else a key is next to the data. */
  readonly secretsKeys: readonly Buffer[];
  /** The address at which browsers and payment providers reach this server, without a slash at the end. */
  readonly publicUrl: string;
  /** The providers' APIs. */
  readonly stripeUrl: string;
  readonly mercadoPagoUrl: string;
  /** Null: no mail is sent. */
  readonly mail: MailSettings | null;
  /** The platform's first user, created at the start if its e-mail is unknown. */
  readonly platformUser: { readonly email: string; readonly password: string } | null;
  readonly readConnections: number;
  readonly writeConnections: number;
  readonly passwordHashesAtOnce: number;
  readonly posting: PostingSettings;
  /** How long a drain may take before the process ends anyway. */
  readonly drainSeconds: number;
  /** Whether requests that cannot be served are refused before they are parsed (ADR-0014). */
  readonly refuseUnparsed: boolean;
  /** Null: no traces are recorded. */
  readonly tracing: TracingSettings | null;
}

interface DatabaseSettings {
  readonly url: string;
  /** For migrations: a login that owns the tables. Equal to `url` unless it is set separately. */
  readonly migrateUrl: string;
  /** The address of a read replica, for lists, reports and exports; null if there is none. */
  readonly readUrl: string | null;
}

interface PostingSettings {
  readonly batchesInFlight: number;
  readonly commandsPerBatch: number;
  readonly maxOpenCommands: number;
  readonly maxWaitMs: number;
}

/** Reads every setting once. Throws a StartupProblem that names every wrong setting, but never its value. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  // An empty variable counts as not set: compose files pass one for a variable that is not set.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim() !== ''));
  const result = settings.safeParse(given);
  if (!result.success) throw new StartupProblem(result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; '));
  const env = result.data;
  const own = env.DATABASE_URL !== undefined;
  return {
    port: env.PORT,
    processes: env.PROCESSES ?? (own ? 'auto' : 1),
    // The demo's passwords are public, so by default only this machine can reach it.
    host: env.HOST ?? (own ? '0.0.0.0' : '127.0.0.1'),
    database: databaseOf(env),
    dataDir: env.DATA_DIR,
    logLevel: env.LOG_LEVEL,
    corsOrigins: env.CORS_ORIGINS,
    trustProxyHops: env.TRUST_PROXY,
    cookieSecure: env.COOKIE_SECURE ?? own,
    sessionIdleMinutes: env.SESSION_IDLE_MINUTES,
    sessionMaxDays: env.SESSION_MAX_DAYS,
    secretsKeys: env.SECRETS_KEY,
    publicUrl: (env.PUBLIC_URL ?? `http://localhost:${env.PORT}`).replace(/\/+$/, ''),
    stripeUrl: env.STRIPE_API_URL,
    mercadoPagoUrl: env.MERCADO_PAGO_API_URL,
    mail: mailOf(env),
    platformUser:
      env.PLATFORM_EMAIL !== undefined && env.PLATFORM_PASSWORD !== undefined
        ? { email: env.PLATFORM_EMAIL, password: env.PLATFORM_PASSWORD }
        : null,
    readConnections: env.READ_CONNECTIONS,
    writeConnections: env.WRITE_CONNECTIONS,
    passwordHashesAtOnce: env.PASSWORD_HASHES_AT_ONCE,
    posting: {
      batchesInFlight: env.POSTING_BATCHES_IN_FLIGHT,
      commandsPerBatch: env.POSTING_COMMANDS_PER_BATCH,
      maxOpenCommands: env.POSTING_MAX_OPEN_COMMANDS,
      maxWaitMs: env.POSTING_MAX_WAIT_MS,
    },
    drainSeconds: env.DRAIN_SECONDS,
    refuseUnparsed: env.REFUSE_UNPARSED,
    tracing: tracingOf(env),
  };
}

function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text);
}

/** Schemes whose pages have no origin of their own. */
const NO_ORIGINS: ReadonlySet<string> = new Set(['about:', 'blob:', 'data:', 'file:', 'filesystem:', 'javascript:']);

/** Whether a text is an origin as browsers send it. For extensions and desktop applications, URL has no origin: it is scheme and host. */
function isOrigin(text: string): boolean {
  const url = parsed(text);
  if (!url || url.host === '' || NO_ORIGINS.has(url.protocol)) return false;
  return url.origin === 'null' ? text === `${url.protocol}//${url.host}` : text === url.origin;
}

function parsed(text: string): URL | null {
  return URL.parse(text);
}
