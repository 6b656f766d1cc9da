/** Reads a database URL into explicit options for both drivers, without using PG* variables. */
import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { StartupProblem } from '../kernel/startup-problem.ts';

/** Where a database is, who connects to it, and how the connection is encrypted. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** False if the connection is not encrypted. */
  readonly tls: ConnectionOptions | false;
  /** The `options` parameter by which some hosts route a connection before the login, for example `endpoint=…`. */
  readonly routing: string | undefined;
}

const DEFAULT_PORT = 5432;

/** Parameters of other clients that are accepted and ignored: Revenda sets these things itself, or they have no meaning here. */
const TAKEN_AND_UNUSED: ReadonlySet<string> = new Set([
  'application_name',
  'channel_binding',
  'client_encoding',
  'connect_timeout',
  'connection_limit',
  'fallback_application_name',
  'gssencmode',
  'keepalives',
  'keepalives_count',
  'keepalives_idle',
  'keepalives_interval',
  'pgbouncer',
  'pool_timeout',
  'prepared_statements',
  'socket_timeout',
  'sslsni',
  'statement_cache_size',
  'supa',
  'tcp_user_timeout',
  'uselibpqcompat',
]);

/** Parameters that are accepted only with the values that Revenda uses anyway. */
const ONLY_AS: Readonly<Record<string, ReadonlySet<string>>> = {
  schema: new Set(['public']),
  sslnegotiation: new Set(['postgres']),
  target_session_attrs: new Set(['any', 'read-write', 'primary']),
};

const TLS_PARAMETERS: ReadonlySet<string> = new Set(['ssl', 'sslmode', 'sslaccept', 'sslrootcert', 'sslcert', 'sslkey', 'sslpassword']);

const known = new Map<string, Address>();

/** Parses a URL like postgresql://user:password@host:5432/database. Throws a StartupProblem that names the wrong part, but not its value. */
export function readAddress(url: string): Address {
  const before = known.get(url);
  if (before) return before;
  const address = parseAddress(url);
  known.set(url, address);
  return address;
}

function parseAddress(text: string): Address {
  const url = URL.parse(text);
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || url.hostname === '') {
    throw new StartupProblem('must be a URL like postgresql://user:password@host:5432/database');
  }
  const user = decoded(url.username);
  if (user === '') throw new StartupProblem('must name a user, like postgresql://user:password@host:5432/database');
  const parameters = new Map(url.searchParams);
  for (const [name, value] of parameters) assertTaken(name, value);
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    user,
    password: decoded(url.password),
    database: decoded(url.pathname.slice(1)) || user,
    tls: readTls(parameters),
    routing: parameters.get('options'),
  };
}

function assertTaken(name: string, value: string): void {
  if (TAKEN_AND_UNUSED.has(name) || TLS_PARAMETERS.has(name)) return;
  if (name === 'options' && /^(endpoint|project|reference)=[\w.-]+$/.test(value)) return;
  const only = ONLY_AS[name];
  if (only?.has(value)) return;
  if (only) throw new StartupProblem(`has the parameter ${name}, which can only be ${[...only].join(' or ')}`);
  throw new StartupProblem(`has the parameter ${printable(name)}, which Revenda does not know: remove it`);
}

type Parameters = ReadonlyMap<string, string>;

/**
 * The TLS options for libpq's sslmode: `require` encrypts and trusts any certificate, `verify-ca` checks its issuer, `verify-full`
 * also checks its name.
 */
function readTls(parameters: Parameters): ConnectionOptions | false {
  const rootFile = parameters.get('sslrootcert');
  switch (sslModeOf(parameters)) {
    case 'disable':
      return false;
    case 'require':
      // Like libpq, which checks the issuer if there is a root certificate.
      return rootFile === undefined ? { rejectUnauthorized: false, ...identity(parameters) } : verifying(parameters, rootFile, false);
    case 'verify-ca':
      return verifying(parameters, rootFile, false);
    case 'verify-full':
      return verifying(parameters, rootFile, true);
    default:
      throw new StartupProblem('has an unknown sslmode: it must be disable, require, verify-ca or verify-full');
  }
}

function sslModeOf(parameters: Parameters): string {
  const mode = parameters.get('sslmode');
  if (mode === undefined) {
    if (parameters.get('sslrootcert') === 'system') return 'verify-full';
    return ['true', '1'].includes(parameters.get('ssl') ?? '') ? 'require' : 'disable';
  }
  if (mode === 'no-verify') return 'require';
  // Prisma's own parameters: sslmode=require with sslaccept=strict checks certificate and name.
  return mode === 'require' && parameters.get('sslaccept') === 'strict' ? 'verify-full' : mode;
}

function verifying(parameters: Parameters, rootFile: string | undefined, checksName: boolean): ConnectionOptions {
  return {
    rejectUnauthorized: true,
    ...(rootFile === undefined || rootFile === 'system' ? {} : { ca: contentOf('sslrootcert', rootFile) }),
    ...(checksName ? {} : { checkServerIdentity: () => undefined }),
    ...identity(parameters),
  };
}

function identity(parameters: Parameters): ConnectionOptions {
  const certificate = parameters.get('sslcert');
  const key = parameters.get('sslkey');
  if ((certificate === undefined) !== (key === undefined)) throw new StartupProblem('needs sslcert and sslkey together');
  const passphrase = parameters.get('sslpassword');
  return {
    ...(certificate === undefined ? {} : { cert: contentOf('sslcert', certificate) }),
    ...(key === undefined ? {} : { key: contentOf('sslkey', key) }),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
}

function contentOf(parameter: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new StartupProblem(`names a file in ${parameter} that cannot be read`, { cause });
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new StartupProblem('has a % that is not followed by two hexadecimal digits: write a % itself as %25', { cause });
  }
}

function printable(name: string): string {
  return /^\w{1,40}$/.test(name) ? name : 'whose name cannot be shown';
}
