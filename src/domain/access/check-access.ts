/** The use case POST /access/check: checks a login and a secret, and returns what the customer may use (R49, ADR-0085). */

import { isIP } from 'node:net';
import { z } from 'zod';
import type { Sql } from '../../db/sql.ts';
import type { Topology } from '../../db/topology.ts';
import { Overloaded, RateLimited } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/log.ts';
import { NIL_UUID } from '../../kernel/nil-uuid.ts';
import type { SecretBox } from '../../kernel/secrets.ts';
import type { Siblings } from '../../kernel/siblings.ts';
import { badInput } from '../bad-input.ts';
import { type PaidRow, screensAtMoment } from '../customer/paid-screens.ts';
import {
  countFailures,
  FAILURES_PER_SERVICE_KEY,
  type FailureKeys,
  failureKeys,
  refusalOf,
  type Service,
  serviceKeyOf,
} from './access-failures.ts';
import { loginSchema, sealContext, secretSchema } from './credentials.ts';
import { createKnownAccesses } from './known-access.ts';
import { type FoundRow, lookUpByTenant } from './look-up-by-tenant.ts';

/**
 * Plans are cached for the life of a connection. These settings force look-ups by key even if the tables were small when the plan
 * was made.
 */
export const CHECK_PARAMETERS = { enable_seqscan: 'off', enable_hashjoin: 'off', enable_mergejoin: 'off', jit: 'off' };

/** The most attempts that one statement looks up. */
const BATCH_ATTEMPTS = 100;
/** Concurrent statements, each on its own connection. While they run, attempts gather for the next one. */
const BATCHES = 2;
/** The most attempts for one login that wait for each other. */
const WAITING_PER_LOGIN = 50;
/** The id with which an unknown login's secret is compared, so that it takes as long. */
const NOBODY = NIL_UUID;
/** The most attempts that wait for a statement; further ones are refused. */
const MAX_READY = 5_000;

const schema = z.strictObject({
  login: loginSchema,
  secret: secretSchema,
  /** The address from which the customer signs in, as far as the service knows it. */
  address: z
    .string()
    .refine((text) => isIP(text) !== 0, 'must be an IPv4 or IPv6 address.')
    .optional(),
});

/** What a customer may use. A wrong secret and an unknown login both show nothing. */
export interface CheckedAccess {
  readonly active: boolean;
  readonly screens: number;
  readonly expiresAt: Date | null;
  /** The id of the customer's row. null if the credentials are wrong. */
  readonly customerId: string | null;
  /** The version of the access feed: the answer includes all events up to it. */
  readonly version: number;
}

export interface AccessChecks {
  /**
   * Returns the state at a moment after the call, by the database's clock. `callerAddress` is used if the input has no address. Throws
   * BadUserInput, RateLimited after too many failures, and the errors of the database.
   */
  check(service: Service, input: unknown, callerAddress: string): Promise<CheckedAccess>;
}

interface Attempt {
  readonly tenantId: string;
  readonly service: Service;
  readonly login: string;
  readonly secret: string;
  readonly address: string;
  /** See KnownAccesses. */
  readonly mark: string;
  readonly done: PromiseWithResolvers<CheckedAccess>;
}

/** An attempt that is looked up, and counted if it fails. */
interface Counted extends Attempt {
  readonly keys: FailureKeys;
}

/** The message between processes of one port: a service's key, and how long it is refused. */
const BLOCKED = 'a blocked service';

interface Options {
  readonly sql: Sql;
  /** How the database is distributed. A single database by default. */
  readonly topology?: Topology;
  readonly secrets: SecretBox;
  readonly log: Logger;
  /** null if no other process serves the port. */
  readonly siblings?: Siblings | null;
}

/**
 * Attempts are looked up together: one statement serves all attempts that arrived while the previous statements ran. Credentials that
 * were right recently are answered from memory, after a statement that began after the attempt has confirmed that no commit changed
 * their customer (ADR-0103). So a commit takes effect at once in every process. Only one attempt for each login is looked up at a
 * time, so that parallel guessing gains nothing.
 */
export function createAccessChecks({ log, secrets, siblings, sql, topology = 'single' }: Options): AccessChecks {
  const known = createKnownAccesses(topology);
  const find = topology === 'single' ? lookUp : lookUpByTenant;
  /** Attempts with cached credentials, which are confirmed together, by one statement at a time. */
  let remembered: Attempt[] = [];
  let isConfirming = false;
  const ready: Counted[] = [];
  const waiting = new Map<string, Counted[]>();
  /** Services' keys with too many failures, and when they may try again. Processes of another port notice it at the key's next failure. */
  const blocked = new Map<string, number>();
  siblings?.receive(BLOCKED, (told) => {
    if (!Array.isArray(told)) return;
    const [key, forMs] = told;
    blocked.set(String(key), performance.now() + Number(forMs));
  });
  let running = 0;
  let isPumpDue = false;

  /** Adds the keys under which a failure is counted: four digests, which cached right credentials do not need. */
  function counted(attempt: Attempt): Counted {
    return { ...attempt, keys: failureKeys(secrets, { ...attempt, ...attempt.service }) };
  }

  function enter(attempt: Counted): void {
    const loginKey = loginKeyOf(attempt);
    const behind = waiting.get(loginKey);
    if (behind === undefined) {
      waiting.set(loginKey, []);
      ready.push(attempt);
      pumpSoon();
    } else if (behind.length < WAITING_PER_LOGIN) behind.push(attempt);
    else attempt.done.reject(new RateLimited(1));
  }

  function leave(attempt: Attempt): void {
    const loginKey = loginKeyOf(attempt);
    const next = waiting.get(loginKey)?.shift();
    if (next === undefined) waiting.delete(loginKey);
    else ready.push(next);
  }

  /** Runs `pump` in a microtask, when all checks of a request have been added. */
  function pumpSoon(): void {
    if (isPumpDue) return;
    isPumpDue = true;
    queueMicrotask(() => {
      isPumpDue = false;
      pump();
    });
  }

  function pump(): void {
    if (running < BATCHES && remembered.length > 0 && !isConfirming) {
      const attempts = remembered;
      remembered = [];
      running += 1;
      isConfirming = true;
      void confirm(attempts);
    }
    while (running < BATCHES && ready.length > 0) {
      running += 1;
      void answer(ready.splice(0, BATCH_ATTEMPTS));
    }
  }

  async function confirm(attempts: readonly Attempt[]): Promise<void> {
    const changed: Attempt[] = [];
    try {
      const tenants = await known.confirm(sql, [...new Set(attempts.map(({ tenantId }) => tenantId))]);
      for (const attempt of attempts) {
        const still = known.find(attempt.tenantId, attempt.login, attempt.mark);
        const tenant = tenants.get(attempt.tenantId);
        if (still === null || tenant === undefined) changed.push(attempt);
        else attempt.done.resolve(accessAt(still.row, still.customerId, tenant));
      }
    } catch (error) {
      known.clear();
      for (const { done } of attempts) done.reject(error);
    }
    running -= 1;
    isConfirming = false;
    for (const attempt of changed) enter(counted(attempt));
    pump();
  }

  async function answer(attempts: readonly Counted[]): Promise<void> {
    try {
      const found = await find(sql, attempts);
      const failed = attempts.flatMap((attempt, index) => {
        const row = found[index];
        if (row === undefined) throw new Error('an attempt was not looked up');
        return isSettled(attempt, row) ? [] : [{ ...attempt, isRepeated: row.isRepeated, version: row.version }];
      });
      if (failed.length > 0) {
        // The login is forgotten, so that the next guess is looked up too, and refused after too many failures.
        for (const { login, tenantId } of failed) known.forget(tenantId, login);
        // A failure is counted before anybody gets its answer.
        for (const { key, leftMs, points } of await countFailures(sql, failed)) if (points >= FAILURES_PER_SERVICE_KEY) block(key, leftMs);
        for (const { done, version } of failed) done.resolve(nothing(version));
      }
    } catch (error) {
      known.clear();
      for (const { done } of attempts) done.reject(error);
    }
    running -= 1;
    for (const attempt of attempts) leave(attempt);
    pump();
  }

  function block(key: string, forMs: number): void {
    if (!blocked.has(key)) {
      log.warn({ forMs }, 'the key of a service has too many wrong secrets: its checks are refused');
      siblings?.broadcast(BLOCKED, [key, forMs]);
    }
    blocked.set(key, performance.now() + forMs);
  }

  function refuseBlocked(service: Service): void {
    if (blocked.size === 0) return;
    const key = serviceKeyOf(service);
    const until = blocked.get(key);
    if (until === undefined) return;
    const leftMs = until - performance.now();
    if (leftMs > 0) throw new RateLimited(Math.ceil(leftMs / 1_000));
    blocked.delete(key);
  }

  /** Returns whether the attempt was answered or refused; if not, its credentials are wrong. The secret is compared in every case. */
  function isSettled({ done, login, mark, secret, tenantId }: Attempt, row: FoundRow): boolean {
    const refusal = refusalOf(row);
    const isRight = secrets.isProof(row.proof, secret, sealContext({ tenantId, id: row.customerId ?? NOBODY }));
    if (refusal !== null) {
      known.forget(tenantId, login);
      done.reject(refusal);
      return true;
    }
    if (!isRight || row.customerId === null) return false;
    const { customerId, expiresAt, laterSpans, nextScreens, screens, version } = row;
    const kept = { screens, laterSpans, nextScreens, expiresAt };
    known.keep(tenantId, login, mark, { customerId, row: kept, version });
    done.resolve(accessAt(kept, customerId, row));
    return true;
  }

  return {
    check(service, input, callerAddress) {
      const { address = callerAddress, login, secret } = badInput(schema, input);
      if (ready.length >= MAX_READY || remembered.length >= MAX_READY) throw new Overloaded(1, 'Too many checks at once: try again.');
      refuseBlocked(service);
      const { tenantId } = service;
      const mark = known.markOf(tenantId, login, secret, address);
      const attempt = { tenantId, service, login, secret, address, mark, done: Promise.withResolvers<CheckedAccess>() };
      // Cached credentials wait behind an attempt for the same login that is being looked up: it may be a guess that is not counted yet.
      if (known.find(tenantId, login, mark) === null || waiting.has(loginKeyOf(attempt))) enter(counted(attempt));
      else {
        remembered.push(attempt);
        pumpSoon();
      }
      return attempt.done.promise;
    },
  };
}

function accessAt(row: PaidRow, customerId: string, { now, version }: { readonly now: Date; readonly version: number }): CheckedAccess {
  return { active: row.expiresAt > now, screens: screensAtMoment(row, now), expiresAt: row.expiresAt, customerId, version };
}

function loginKeyOf({ login, tenantId }: Attempt): string {
  return `${tenantId} ${login}`;
}

function nothing(version: number): CheckedAccess {
  return { active: false, screens: 0, expiresAt: null, customerId: null, version };
}

/**
 * Returns the rows in the order of the attempts. Each look-up takes the first row in the order of its key, which only that key's index
 * has. A plan with an equality condition that was made while the table was empty might scan a whole tenant in another index.
 */
async function lookUp(sql: Sql, attempts: readonly Counted[]): Promise<readonly FoundRow[]> {
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
      c.expires_at AS "expiresAt", moment.now, coalesce(v.version, 0) AS version,
      b.points AS "bothPoints", b.expire - moment.ms AS "bothLeftMs", l.points AS "loginPoints", l.expire - moment.ms AS "loginLeftMs",
      s.expire > moment.ms IS TRUE AS "isRepeated"
    FROM (SELECT now, round(extract(epoch FROM now) * 1000)::bigint AS ms FROM (SELECT clock_timestamp() AS now OFFSET 0) AS t OFFSET 0) AS moment
    CROSS JOIN jsonb_to_recordset(${JSON.stringify(asked)}::text::jsonb) AS w (place integer, tenant uuid, login text, "both" text, alone text, secret text)
    LEFT JOIN LATERAL (
      SELECT f.customer_id, f.proof FROM (
        SELECT login, customer_id, proof FROM customer_access WHERE tenant_id = w.tenant AND login >= w.login ORDER BY login LIMIT 1
      ) AS f WHERE f.login = w.login
    ) AS a ON true
    LEFT JOIN LATERAL (
      SELECT f.* FROM (
        SELECT id, screens, later_spans, next_screens, expires_at FROM customer
        WHERE tenant_id = w.tenant AND id >= coalesce(a.customer_id, ${NOBODY}::uuid) ORDER BY id LIMIT 1
      ) AS f WHERE f.id = a.customer_id
    ) AS c ON true
    LEFT JOIN LATERAL (SELECT version FROM access_event WHERE tenant_id = w.tenant ORDER BY version DESC LIMIT 1) AS v ON true
    LEFT JOIN LATERAL (SELECT points, expire FROM sign_in_failure WHERE key = w."both" OFFSET 0) AS b ON true
    LEFT JOIN LATERAL (SELECT points, expire FROM sign_in_failure WHERE key = w.alone OFFSET 0) AS l ON true
    LEFT JOIN LATERAL (SELECT expire FROM sign_in_failure WHERE key = w.secret OFFSET 0) AS s ON true
    ORDER BY w.place`;
}
