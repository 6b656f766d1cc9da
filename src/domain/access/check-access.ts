/** The use case POST /access/check: whether a login and a secret are right, and what they open (R49, ADR-0085). */

import { isIP } from 'node:net';
import { z } from 'zod';
import type { Sql } from '../../db/sql.ts';
import { Overloaded, RateLimited } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/log.ts';
import { NIL_UUID } from '../../kernel/nil-uuid.ts';
import type { SecretBox } from '../../kernel/secrets.ts';
import { badInput } from '../bad-input.ts';
import { type PaidRow, screensAtMoment } from '../customer/paid-screens.ts';
import {
  countFailures,
  FAILURES_PER_SERVICE_KEY,
  type FailureKeys,
  type Failures,
  failureKeys,
  refusalOf,
  type Service,
} from './access-failures.ts';
import { loginSchema, sealContext, secretSchema } from './credentials.ts';

/** Attempts that one statement looks up. */
const BATCH_ATTEMPTS = 100;
/** Statements under way at once: while they are, attempts gather for the next. */
const BATCHES = 2;
/** Attempts at one login that wait for each other. */
const WAITING_PER_LOGIN = 50;
/** What an unknown login's secret is compared in the name of, so that it costs as much. */
const NOBODY = NIL_UUID;
/** Beyond these, that wait for a statement, no attempt is taken. */
const MAX_READY = 5_000;

const schema = z.strictObject({
  login: loginSchema,
  secret: secretSchema,
  /** From where the customer signs in, as the service knows it. */
  address: z
    .string()
    .refine((text) => isIP(text) !== 0, 'must be an IPv4 or IPv6 address.')
    .optional(),
});

/** What a customer may use; of a wrong secret and an unknown login, nothing. */
interface CheckedAccess {
  readonly active: boolean;
  readonly screens: number;
  readonly expiresAt: Date | null;
  /** The row's id; null: the credentials are nobody's. */
  readonly customerId: string | null;
  /** The number of the access feed up to which this answer knows everything. */
  readonly version: number;
}

export interface AccessChecks {
  /**
   * What holds at a moment after the call, by the database's clock. `callerAddress` counts where the input names no address. Throws
   * BadUserInput, RateLimited after too many failures, and whatever the database throws.
   */
  check(service: Service, input: unknown, callerAddress: string): Promise<CheckedAccess>;
}

interface Attempt {
  readonly tenantId: string;
  readonly login: string;
  readonly secret: string;
  readonly keys: FailureKeys;
  readonly done: PromiseWithResolvers<CheckedAccess>;
}

type FoundRow = Failures & { readonly version: number } & (
    | (PaidRow & { readonly customerId: string; readonly proof: string; readonly active: boolean; readonly now: Date })
    | { readonly customerId: null; readonly proof: null }
  );

interface Parts {
  readonly sql: Sql;
  readonly secrets: SecretBox;
  readonly log: Logger;
}

/**
 * Attempts are looked up together, a statement for as many as came while the ones before were under way. Nothing is kept: each answer is
 * the database's, and a commit that changes it counts from then on, in every process. Of one login one attempt is under way at a time, so
 * that guessing in parallel wins nothing.
 */
export function createAccessChecks({ log, secrets, sql }: Parts): AccessChecks {
  const ready: Attempt[] = [];
  const waiting = new Map<string, Attempt[]>();
  /** Services' keys with too many failures, and when they may ask again. Another process finds out by its next failure. */
  const blocked = new Map<string, number>();
  let running = 0;

  function enter(attempt: Attempt): void {
    const turn = turnOf(attempt);
    const behind = waiting.get(turn);
    if (behind === undefined) {
      waiting.set(turn, []);
      ready.push(attempt);
      pump();
    } else if (behind.length < WAITING_PER_LOGIN) behind.push(attempt);
    else attempt.done.reject(new RateLimited(1));
  }

  function leave(attempt: Attempt): void {
    const turn = turnOf(attempt);
    const next = waiting.get(turn)?.shift();
    if (next === undefined) waiting.delete(turn);
    else ready.push(next);
  }

  function pump(): void {
    while (running < BATCHES && ready.length > 0) {
      running += 1;
      void answer(ready.splice(0, BATCH_ATTEMPTS));
    }
  }

  async function answer(attempts: readonly Attempt[]): Promise<void> {
    try {
      const found = await lookUp(sql, attempts);
      const failed = attempts.flatMap((attempt, index) => {
        const row = found[index];
        if (row === undefined) throw new Error('an attempt was not looked up');
        return isSettled(attempt, row) ? [] : [{ ...attempt, isRepeated: row.isRepeated, version: row.version }];
      });
      if (failed.length > 0) {
        // Nobody is told uncounted.
        for (const { key, leftMs, points } of await countFailures(sql, failed)) if (points >= FAILURES_PER_SERVICE_KEY) block(key, leftMs);
        for (const { done, version } of failed) done.resolve(nothing(version));
      }
    } catch (error) {
      for (const { done } of attempts) done.reject(error);
    }
    running -= 1;
    for (const attempt of attempts) leave(attempt);
    pump();
  }

  function block(key: string, forMs: number): void {
    if (!blocked.has(key)) log.warn({ forMs }, 'the key of a service has too many wrong secrets: its checks are refused');
    blocked.set(key, performance.now() + forMs);
  }

  function refuseBlocked({ service }: FailureKeys): void {
    const until = blocked.get(service);
    if (until === undefined) return;
    const leftMs = until - performance.now();
    if (leftMs > 0) throw new RateLimited(Math.ceil(leftMs / 1_000));
    blocked.delete(service);
  }

  /** Whether it was answered or refused; else its credentials are wrong. The secret is compared whatever was found. */
  function isSettled({ done, secret, tenantId }: Attempt, row: FoundRow): boolean {
    const refusal = refusalOf(row);
    const isRight = secrets.isProof(row.proof, secret, sealContext({ tenantId, id: row.customerId ?? NOBODY }));
    if (refusal !== null) {
      done.reject(refusal);
      return true;
    }
    if (!isRight || row.customerId === null) return false;
    const { active, customerId, expiresAt, now, version } = row;
    done.resolve({ active, screens: screensAtMoment(row, now), expiresAt, customerId, version });
    return true;
  }

  return {
    check(service, input, callerAddress) {
      const { address = callerAddress, login, secret } = badInput(schema, input);
      if (ready.length >= MAX_READY) throw new Overloaded(1, 'Too many checks at once: try again.');
      const { tenantId } = service;
      const keys = failureKeys(secrets, { ...service, login, secret, address });
      refuseBlocked(keys);
      const attempt = { tenantId, login, secret, keys, done: Promise.withResolvers<CheckedAccess>() };
      enter(attempt);
      return attempt.done.promise;
    },
  };
}

function turnOf({ login, tenantId }: Attempt): string {
  return `${tenantId} ${login}`;
}

function nothing(version: number): CheckedAccess {
  return { active: false, screens: 0, expiresAt: null, customerId: null, version };
}

/** In the order of the attempts: each by keys alone, whatever the statistics say. */
async function lookUp(sql: Sql, attempts: readonly Attempt[]): Promise<readonly FoundRow[]> {
  const asked = attempts.map(({ keys, login, tenantId }, place) => ({
    place,
    tenant: tenantId,
    login,
    both: keys.both,
    alone: keys.login,
    secret: keys.secret,
  }));
  return sql<FoundRow[]>`
    SELECT a.customer_id AS "customerId", a.proof, c.screens, c.later_spans AS "laterSpans", c.next_screens AS "nextScreens",
      c.expires_at AS "expiresAt", c.expires_at > moment.now AS active, moment.now, coalesce(v.version, 0) AS version,
      b.points AS "bothPoints", b.expire - moment.ms AS "bothLeftMs", l.points AS "loginPoints", l.expire - moment.ms AS "loginLeftMs",
      s.expire > moment.ms IS TRUE AS "isRepeated"
    FROM (SELECT now, round(extract(epoch FROM now) * 1000)::bigint AS ms FROM (SELECT clock_timestamp() AS now OFFSET 0) AS t OFFSET 0) AS moment
    CROSS JOIN jsonb_to_recordset(${JSON.stringify(asked)}::text::jsonb) AS w (place integer, tenant uuid, login text, "both" text, alone text, secret text)
    LEFT JOIN LATERAL (SELECT customer_id, proof FROM customer_access WHERE tenant_id = w.tenant AND login = w.login OFFSET 0) AS a ON true
    LEFT JOIN LATERAL (
      SELECT screens, later_spans, next_screens, expires_at FROM customer WHERE tenant_id = w.tenant AND id = coalesce(a.customer_id, ${NOBODY}::uuid) OFFSET 0
    ) AS c ON true
    LEFT JOIN LATERAL (SELECT version FROM access_event WHERE tenant_id = w.tenant ORDER BY version DESC LIMIT 1) AS v ON true
    LEFT JOIN LATERAL (SELECT points, expire FROM sign_in_failure WHERE key = w."both" OFFSET 0) AS b ON true
    LEFT JOIN LATERAL (SELECT points, expire FROM sign_in_failure WHERE key = w.alone OFFSET 0) AS l ON true
    LEFT JOIN LATERAL (SELECT expire FROM sign_in_failure WHERE key = w.secret OFFSET 0) AS s ON true
    ORDER BY w.place`;
}
