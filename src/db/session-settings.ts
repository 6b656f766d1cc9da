/** Defines the settings of every session of ours. They override the defaults of the database, the login or a pooler. */

/** Milliseconds. */
export const STATEMENT_TIMEOUT_MS = 10_000;
export const LOCK_TIMEOUT_MS = 400;
/** For rare changes of panels and users: they may wait longer than a batch, which delays other callers. */
export const ADMIN_LOCK_TIMEOUT_MS = 3_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 5_000;

export type DatabaseRole = 'revenda_app' | 'revenda_read';

const COMMON: Readonly<Record<string, string>> = {
  // Both drivers expect dates as ISO and bytes as hex.
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  search_path: 'public',
  // Decisions are made under row locks, and must read the row's newest version after waiting for its lock.
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  standard_conforming_strings: 'on',
  // Compilation takes longer than our statements run, and settings such as enable_seqscan trigger it (ADR-0141).
  jit: 'off',
  statement_timeout: String(STATEMENT_TIMEOUT_MS),
  lock_timeout: String(LOCK_TIMEOUT_MS),
  idle_in_transaction_session_timeout: String(IDLE_IN_TRANSACTION_TIMEOUT_MS),
};

/**
 * Returns the statements as one text, for a simple query. They are not connection parameters, because PgBouncer refuses unknown
 * ones or silently drops them. SET ROLE comes last, because the role may not be allowed to make the other settings. With `replica`
 * they succeed only on the replica that was started at that time: another server, or this one after a restart, may have replayed less.
 */
export function sessionSettings(role: DatabaseRole | null, parameters: Readonly<Record<string, string>> = {}, replica?: string): string {
  const settings = { ...COMMON, default_transaction_read_only: role === 'revenda_read' ? 'on' : 'off', ...parameters };
  const statements = Object.entries(settings).map(([name, value]) => `SET ${name} TO ${literalsOf(value)}`);
  if (role !== null) statements.push(`SET ROLE ${role}`);
  if (replica !== undefined) statements.push(unlessReplica(replica));
  return statements.join('; ');
}

function unlessReplica(startedAt: string): string {
  return `DO $$ BEGIN
    IF NOT pg_is_in_recovery() OR pg_postmaster_start_time()::text <> ${literalsOf(startedAt)} THEN
      RAISE EXCEPTION 'this server is not the expected read replica' USING ERRCODE = '08004';
    END IF;
  END $$`;
}

/** Quotes each element of a list, as DateStyle and search_path require. */
function literalsOf(value: string): string {
  return value
    .split(',')
    .map((element) => `'${element.trim().replaceAll("'", "''")}'`)
    .join(', ');
}
