/** Classifies database errors: lost connections, lost races, lock time-outs, canceled statements. */

import { setTimeout as delay } from 'node:timers/promises';

/** The codes of postgres.js, Node's sockets and a stopping Postgres when a connection is lost or cannot be opened. */
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

/** Whether the connection was lost or could not be opened. A statement that was sent may have been executed or not. */
export function isConnectionLoss(error: unknown): boolean {
  const code = codeOf(error);
  return CONNECTION_CODES.has(code) || /^08[0-9A-Z]{3}$/.test(code);
}

/**
 * Whether a distributed database could not reach one of its machines, or lost it. Our session stays open, and statements on other
 * machines may continue. The failed statement has no effect.
 */
export function isMachineLost(error: unknown): boolean {
  return property(error, 'severity') === 'ERROR' && /^(08|57P0)/.test(codeOf(error));
}

/** Whether Postgres aborted this transaction in favor of another. Nothing was written, and a retry may succeed. */
export function isDeadlockOrSerialization(error: unknown): boolean {
  const code = codeOf(error);
  return code === '40P01' || code === '40001';
}

/** The suffix of an index of a distributed table: each shard has its own index, named with the shard's number. */
const OF_SHARD = /_\d+$/;
const NAMED = /unique constraint "([^"]+)"/;

/** Whether the error is a violation of this unique index. */
export function isTaken(error: unknown, index: string): boolean {
  if (codeOf(error) !== '23505') return false;
  // A worker's error that the coordinator passes on has only its message, and no other fields.
  const violated = property(error, 'constraint_name') ?? NAMED.exec(String(property(error, 'message')))?.[1];
  return violated === index || (typeof violated === 'string' && violated.replace(OF_SHARD, '') === index);
}

/** Whether a lock was not granted within `lock_timeout`. */
export function isLockTimeout(error: unknown): boolean {
  return codeOf(error) === '55P03';
}

/** Whether a statement was canceled, by `statement_timeout` or by someone. */
export function isCanceled(error: unknown): boolean {
  return codeOf(error) === '57014';
}

/** Codes and messages of client libraries for an unreachable database. */
const UNREACHABLE_CODES: ReadonlySet<string> = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024']);
const UNREACHABLE_WORDS = /^(Connection terminated|timeout exceeded when trying to connect)/;

/**
 * Whether the database could not be reached, had no resources (class 53, for example a full disk), could not write (58, and 25006
 * while a standby takes over), or was prevented from answering in time. The statement itself is not wrong, and a retry may succeed.
 */
export function isUnavailable(error: unknown): boolean {
  if (isConnectionLoss(error) || isDeadlockOrSerialization(error) || isLockTimeout(error) || isCanceled(error)) return true;
  const code = codeOf(error);
  if (/^(53|58)/.test(code) || code === '25006' || UNREACHABLE_CODES.has(code)) return true;
  if (!(error instanceof Error)) return false;
  const behind = behindAdapter(error);
  return behind === null ? UNREACHABLE_WORDS.test(error.message) : isUnavailable(behind);
}

/** Returns Postgres' own error, which Prisma's driver reports under another code. */
function behindAdapter(error: Error): Error | null {
  const adapter = property(property(error, 'meta'), 'driverAdapterError');
  const code = property(property(adapter, 'cause'), 'originalCode');
  return typeof code === 'string' ? Object.assign(new Error(error.message), { code }) : null;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** The SQLSTATE, or the driver's or system's code; empty if there is none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 100;

export interface RetryOptions {
  /** The most attempts, including the first. */
  readonly attempts: number;
}

/**
 * Repeats a transaction that lost a deadlock or a serialization conflict, with short random pauses. `work` must be the
 * whole transaction. Any other error, and the error of the last attempt, is thrown unchanged.
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
