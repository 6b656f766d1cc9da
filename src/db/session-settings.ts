/** What every session of ours sets right after it connected, whatever the database, the login or a pooler in between says. */

/** Milliseconds. */
export const STATEMENT_TIMEOUT_MS = 10_000;
export const LOCK_TIMEOUT_MS = 400;
/** Of the care of panels and people: seldom, and worth a longer wait than a batch of postings, which others share. */
export const CARE_LOCK_TIMEOUT_MS = 3_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 5_000;

export type DatabaseRole = 'revenda_app' | 'revenda_read';

const COMMON: Readonly<Record<string, string>> = {
  // Both drivers read dates as ISO and bytes as hex.
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  search_path: 'public',
  // A decision is made under the lock of the row it is about, and read again after waiting for it.
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  standard_conforming_strings: 'on',
  statement_timeout: String(STATEMENT_TIMEOUT_MS),
  lock_timeout: String(LOCK_TIMEOUT_MS),
  idle_in_transaction_session_timeout: String(IDLE_IN_TRANSACTION_TIMEOUT_MS),
};

/**
 * The statements as one text, for a simple query. They are not parameters of the connection: PgBouncer refuses those it does
 * not know, or drops them in silence. The role comes after them, because it may not be allowed to set what stands before. With
 * `replica` they fail but at the read replica that was started then: another one, or this one after a restart, may have replayed less.
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
      RAISE EXCEPTION 'another server than the read replica' USING ERRCODE = '08004';
    END IF;
  END $$`;
}

/** A list, as DateStyle and search_path take it, is one literal an element. */
function literalsOf(value: string): string {
  return value
    .split(',')
    .map((element) => `'${element.trim().replaceAll("'", "''")}'`)
    .join(', ');
}
