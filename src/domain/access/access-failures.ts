/** Counts wrong secrets by login, by login and address, and by the service's key, to stop guessing (R49). */

import type { Sql } from '../../db/sql.ts';
import { RateLimited } from '../../kernel/errors.ts';
import { networkOf } from '../../kernel/network.ts';
import type { SecretBox } from '../../kernel/secrets.ts';
import { pseudonym } from '../identity/counter-store.ts';

/** Failures count for this long from the first of them. */
const WINDOW_MS = 15 * 60 * 1_000;
/** Failures for one login from one address. A person who mistypes stays below it. */
const FAILURES_PER_LOGIN_AND_ADDRESS = 10;
/** Failures for one login from all addresses. */
const FAILURES_PER_LOGIN = 50;

/** Failures of one service's key for all logins, so that somebody with a stolen key cannot try one secret on a million logins. */
export const FAILURES_PER_SERVICE_KEY = 10_000;

const SERVICE_PREFIX = 'access:key:';

/** The keys under which an attempt is counted. */
export interface FailureKeys {
  readonly both: string;
  readonly login: string;
  /** The key of this exact secret: a device that keeps trying an old secret counts as one failure. */
  readonly secret: string;
  /** The count of the calling service's key. */
  readonly service: string;
}

/** The present counts of failures, as the database returns them. */
export interface Failures {
  readonly bothPoints: number | null;
  readonly bothLeftMs: number | null;
  readonly loginPoints: number | null;
  readonly loginLeftMs: number | null;
  /** Whether the same wrong secret is counted already. */
  readonly isRepeated: boolean;
}

/** The service that makes the check. */
export interface Service {
  readonly tenantId: string;
  /** The id of the service's API key. */
  readonly keyId: string;
}

/** Returns the keys of an attempt. An unknown login is counted like any other. */
export function failureKeys(
  secrets: SecretBox,
  { address, keyId, login, secret, tenantId }: Service & { readonly login: string; readonly secret: string; readonly address: string },
): FailureKeys {
  const [whose, network] = [`${tenantId} ${login}`, networkOf(address)];
  return {
    both: `access:${pseudonym(`${whose} ${network}`)}`,
    login: `access:${pseudonym(whose)}`,
    secret: `access:${secrets.fingerprint(secret, `wrong ${whose} ${network}`)}`,
    service: serviceKeyOf({ tenantId, keyId }),
  };
}

export function serviceKeyOf({ keyId, tenantId }: Service): string {
  return `${SERVICE_PREFIX}${pseudonym(`${tenantId} ${keyId}`)}`;
}

/** Returns the refusal if an attempt is not allowed now, or null. */
export function refusalOf({ bothLeftMs, bothPoints, loginLeftMs, loginPoints }: Failures): RateLimited | null {
  const waits = [
    (bothPoints ?? 0) >= FAILURES_PER_LOGIN_AND_ADDRESS ? (bothLeftMs ?? 0) : 0,
    (loginPoints ?? 0) >= FAILURES_PER_LOGIN ? (loginLeftMs ?? 0) : 0,
  ];
  const waitMs = Math.max(...waits);
  return waitMs > 0 ? new RateLimited(Math.max(1, Math.ceil(waitMs / 1_000))) : null;
}

/** The present count of failures of a service's key. */
export interface ServiceFailures {
  readonly key: string;
  readonly points: number;
  readonly leftMs: number;
}

/**
 * Adds the failures to their counts in one statement. The keys are sorted, because every process locks the rows in this order.
 * Returns how many failures the services' keys have.
 */
export async function countFailures(
  sql: Sql,
  failed: readonly { readonly keys: FailureKeys; readonly isRepeated: boolean }[],
): Promise<readonly ServiceFailures[]> {
  const points = new Map<string, number>();
  for (const { isRepeated, keys } of failed) {
    const { both, login, secret, service } = keys;
    for (const key of isRepeated ? [secret] : [secret, both, login, service]) points.set(key, (points.get(key) ?? 0) + 1);
  }
  const rows = [...points].map(([key, count]) => ({ key, count })).sort((one, other) => (one.key < other.key ? -1 : 1));
  const counted = await sql<ServiceFailures[]>`
    INSERT INTO sign_in_failure AS f (key, points, expire)
    SELECT k.key, k.count, now.ms + ${WINDOW_MS} FROM (SELECT round(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS ms) AS now,
      jsonb_to_recordset(${JSON.stringify(rows.map((row, place) => ({ ...row, place })))}::text::jsonb) AS k (key text, count integer, place integer)
    ORDER BY k.place
    ON CONFLICT (key) DO UPDATE SET
      points = CASE WHEN f.expire <= excluded.expire - ${WINDOW_MS} THEN excluded.points ELSE f.points + excluded.points END,
      expire = CASE WHEN f.expire <= excluded.expire - ${WINDOW_MS} THEN excluded.expire ELSE f.expire END
    RETURNING f.key, f.points, f.expire - round(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS "leftMs"`;
  return counted.filter(({ key }) => key.startsWith(SERVICE_PREFIX));
}
