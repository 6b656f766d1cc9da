/** Turns an error that stopped the start into one line that says what to change. */

import type { Config } from './config.ts';
import { type Address, readAddress } from './db/address.ts';
import { codeOf, isConnectionLoss } from './db/retry.ts';
import { StartupProblem } from './kernel/startup-problem.ts';

/** Why a start failed, in one line without a secret; undefined if the operator cannot fix the cause. */
export function explain(error: unknown, config: Config): string | undefined {
  if (error instanceof StartupProblem) return error.message;
  const code = codeOf(error);
  if (code === 'EADDRINUSE') return `Port ${config.port} of ${config.host} is taken: set PORT to another.`;
  if (code === 'EADDRNOTAVAIL') return `This machine does not have the address ${config.host}: set HOST to another.`;
  if (code === 'EACCES' && syscallOf(error) === 'listen') return `Port ${config.port} needs more rights: set PORT to one above 1023.`;
  if (['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR'].includes(code)) {
    return `The folder ${config.dataDir} cannot be used (${code}): set DATA_DIR to another, or DATABASE_URL.`;
  }
  if (config.database) return explainDatabase(error, code, readAddress(config.database.url));
  return undefined;
}

function explainDatabase(error: unknown, code: string, { host, port, database }: Address): string | undefined {
  const where = `The database at ${host}:${port}`;
  if (isConnectionLoss(error)) return `${where} is unreachable (${code}): check DATABASE_URL.`;
  if (code === '28P01' || code === '28000') return `${where} refuses the user or password of DATABASE_URL or MIGRATE_DATABASE_URL.`;
  if (code === '3D000') return `${where} has no database ${database}: create it first.`;
  if (isTlsRefusal(code)) {
    return `${where} presents a certificate that is not accepted (${code}): set sslrootcert in DATABASE_URL to its issuer's, or sslmode=require to trust any.`;
  }
  if (/does not support SSL|server does not support SSL/i.test(messageOf(error)))
    return `${where} does not encrypt: remove sslmode from DATABASE_URL.`;
  if (code === '42501') {
    return `${where} does not grant the needed rights (${messageOf(error)}): set MIGRATE_DATABASE_URL to a user who may create tables and roles.`;
  }
  return undefined;
}

/** Codes of OpenSSL's verification and of Node's check of the name. */
function isTlsRefusal(code: string): boolean {
  return /CERT|^ERR_TLS_|ISSUER|SELF_SIGNED|^UNABLE_TO_/.test(code);
}

/** The message of an unexpected error, on one line. */
export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ');
}

function syscallOf(error: unknown): unknown {
  return error instanceof Error && 'syscall' in error ? error.syscall : undefined;
}
