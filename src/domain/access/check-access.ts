/** The use case POST /access/check: whether a login and a secret are right, and what they open (R49, ADR-0085). */

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

/** Plans are kept for the life of a connection; every look-up of a check is by key, however small the tables were. */
export const CHECK_PARAMETERS = { enable_seqscan: 'off', enable_hashjoin: 'off', enable_mergejoin: 'off', jit: 'off' };

/** Attempts that one statement looks up. */
const BATCH_ATTEMPTS = 100;
/** Statements under way at once, each on a connection: while they are, attempts gather for the next. */
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
export interface CheckedAccess {
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

/** What processes of one port tell each other of a service's key: until when it is refused. */
const BLOCKED = 'a blocked service';

interface Parts {
  readonly sql: Sql;
  /** How the tables are spread; one database unless it is said. */
  readonly topology?: Topology;
  readonly secrets: SecretBox;
  readonly log: Logger;
  /** null: no other process serves the port. */
  readonly siblings?: Siblings | null;
}

/**
 * Attempts are looked up together, a statement for as many as came while the ones before were under way. Credentials that were right
 * of late are answered from memory, once a statement that began after the attempt has said that no commit changed their customer
 * (ADR-0103): so a commit counts from then on, in every process. Of one login one attempt is looked up at a time, so that guessing in
 * parallel wins nothing.
 */
export function createAccessChecks({ log, secrets, siblings, sql, topology = 'single' }: Parts): AccessChecks {
  const known = createKnownAccesses(topology);
  const find = topology === 'single' ? lookUp : lookUpByTenant;
  /** To be confirmed, together and by one statement at a time. */
  let remembered: Attempt[] = [];
  let isConfirming = false;
  const ready: Counted[] = [];
  const waiting = new Map<string, Counted[]>();
  /** Services' keys with too many failures, and when they may ask again. Those of another port find out by their next failure. */
  const blocked = new Map<string, number>();
  siblings?.hear(BLOCKED, (told) => {
    if (!Array.isArray(told)) return;
    const [key, forMs] = told;
    blocked.set(String(key), performance.now() + Number(forMs));
  });
  let running = 0;
  let isPumpDue = false;

  /** With the keys that a failure is counted by: four digests, which right credentials that are remembered do not cost. */
  function counted(attempt: Attempt): Counted {
    return { ...attempt, keys: failureKeys(secrets, { ...attempt, ...attempt.service }) };
  }

  function enter(attempt: Counted): void {
    const turn = turnOf(attempt);
    const behind = waiting.get(turn);
    if (behind === undefined) {
      waiting.set(turn, []);
      ready.push(attempt);
      pumpSoon();
    } else if (behind.length < WAITING_PER_LOGIN) behind.push(attempt);
    else attempt.done.reject(new RateLimited(1));
  }

  function leave(attempt: Attempt): void {
    const turn = turnOf(attempt);
    const next = waiting.get(turn)?.shift();
    if (next === undefined) waiting.delete(turn);
    else ready.push(next);
  }

  /** When all checks of a request are there. */
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
        // So that the next guess is looked up too, and refused where there were too many.
        for (const { login, tenantId } of failed) known.forget(tenantId, login);
        // Nobody is told uncounted.
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
      siblings?.tell(BLOCKED, [key, forMs]);
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

  /** Whether it was answered or refused; else its credentials are wrong. The secret is compared whatever was found. */
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
      // Not beside an attempt that is looked up: it may be a guess that is not counted yet.
      if (known.find(tenantId, login, mark) === null || waiting.has(turnOf(attempt))) enter(counted(attempt));
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

function turnOf({ login, tenantId }: Attempt): string {
  return `${tenantId} ${login}`;
}

function nothing(version: number): CheckedAccess {
  return { active: false, screens: 0, expiresAt: null, customerId: null, version };
}

/**
 * In the order of the attempts. Each row is the first of its key's order, which only that key's index has: a plan for an equal key that
 * was made while the table was empty may scan all of a tenant in another index.
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
