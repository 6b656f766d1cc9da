/** Classifies database errors: connection lost, race lost, lock time-out, statement canceled. */

import { setTimeout as delay } from 'node:timers/promises';

/** What postgres.js, Node's sockets and a Postgres that goes away say when a connection is lost or cannot be made. */
const CONNECTION_CODES: ReadonlySet<string> = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  // admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout, too_many_connections
  '57P01',
  '57P02',
  '57P03',
  '57P05',
  '53300',
]);

/** Whether the connection was lost, or none could be made: what was sent may have been done or not. */
export function isConnectionLoss(error: unknown): boolean {
  const code = codeOf(error);
  return CONNECTION_CODES.has(code) || /^08[0-9A-Z]{3}$/.test(code);
}

/**
 * Whether a distributed database says that it could not reach one of its machines, or lost it: its own session lives on, and what
 * was asked of other machines may go on. Nothing of the statement that failed is kept.
 */
export function isMachineLost(error: unknown): boolean {
  return property(error, 'severity') === 'ERROR' && /^(08|57P0)/.test(codeOf(error));
}

/** Whether Postgres gave this transaction up in favor of another: nothing was written, and a retry may succeed. */
export function isDeadlockOrSerialization(error: unknown): boolean {
  const code = codeOf(error);
  return code === '40P01' || code === '40001';
}

/** Of a distributed table's index: each shard has its own, named by its number. */
const OF_SHARD = /_\d+$/;
const NAMED = /unique constraint "([^"]+)"/;

/** Whether another row has what this unique index allows once. */
export function isTaken(error: unknown, index: string): boolean {
  if (codeOf(error) !== '23505') return false;
  // What the coordinator passes on of a worker's error has no other fields than its words.
  const violated = property(error, 'constraint_name') ?? NAMED.exec(String(property(error, 'message')))?.[1];
  return violated === index || (typeof violated === 'string' && violated.replace(OF_SHARD, '') === index);
}

/** Whether a row stayed locked by others for longer than `lock_timeout`. */
export function isLockTimeout(error: unknown): boolean {
  return codeOf(error) === '55P03';
}

/** Whether a statement was canceled, by `statement_timeout` or by someone. */
export function isCanceled(error: unknown): boolean {
  return codeOf(error) === '57014';
}

/** Of a client library that reports what it could not do by words or codes of its own. */
const UNREACHABLE_CODES: ReadonlySet<string> = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024']);
const UNREACHABLE_WORDS = /^(Connection terminated|timeout exceeded when trying to connect)/;

/**
 * Whether the database could not be reached, had no room (class 53, as a full disk), could not write (58, and 25006
 * while a standby takes over), or was kept from answering in time: nothing is wrong with what was asked, and a retry may succeed.
 */
export function isUnavailable(error: unknown): boolean {
  if (isConnectionLoss(error) || isDeadlockOrSerialization(error) || isLockTimeout(error) || isCanceled(error)) return true;
  const code = codeOf(error);
  if (/^(53|58)/.test(code) || code === '25006' || UNREACHABLE_CODES.has(code)) return true;
  if (!(error instanceof Error)) return false;
  const behind = behindAdapter(error);
  return behind === null ? UNREACHABLE_WORDS.test(error.message) : isUnavailable(behind);
}

/** What Postgres told the driver of Prisma, which reports it under a code of its own. */
function behindAdapter(error: Error): Error | null {
  const adapter = property(property(error, 'meta'), 'driverAdapterError');
  const code = property(property(adapter, 'cause'), 'originalCode');
  return typeof code === 'string' ? Object.assign(new Error(error.message), { code }) : null;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** The SQLSTATE, or the driver's or system's code; empty when there is none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 100;

export interface RetryOptions {
  /** In all, the first one included. */
  readonly attempts: number;
}

/**
 * Repeats a transaction that lost a deadlock or a serialization conflict, with short random pauses. `work` must be the
 * whole transaction. Any other error, and the last one, is thrown as it is.
 */
export async function retryTransient<T>(work: () => Promise<T>, { attempts }: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= attempts || !isDeadlockOrSerialization(error)) throw error;
      await delay(Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt));
    }
  }
}
