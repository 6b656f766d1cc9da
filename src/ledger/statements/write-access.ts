/** Writes the logins and secrets of new customers (R46), and the access events of changed customers (R48). */

import { plainArray } from '../../db/arrays/literal.ts';
import type { Topology } from '../../db/topology.ts';
import type { Command, NewAccess } from '../command.ts';
import type { CustomerState, Posted } from '../outcome.ts';
import { kindOf } from '../rules/kinds.ts';
import { screensAt } from '../rules/spans.ts';
import { type Accepted, at, column, type Part, part } from './part.ts';

/** A condition that no customer of the tenant has the login, by one index look-up: EXISTS could be planned as a hash of the whole table. */
const isFree = (login: string) =>
  `(SELECT true FROM customer_access a WHERE a.tenant_id = n.tenant_id AND a.login = n.${login} OFFSET 0) IS NULL`;

/** Writes logins and sealed secrets of new customers. If a generated login is taken, the next one is used (ADR-0087). */
export function newAccess(accepted: readonly Accepted[]): Part {
  return part(
    'access',
    `new_access AS (
      INSERT INTO customer_access (tenant_id, customer_id, login, secret, proof, updated_at)
      SELECT n.tenant_id, n.customer_id,
        CASE WHEN n.second IS NULL OR ${isFree('login')} THEN n.login WHEN ${isFree('second')} THEN n.second ELSE n.third END,
        n.secret, n.proof, ${at('n.ms')} FROM given n)`,
    [
      column('tenant_id', 'uuid'),
      column('customer_id', 'uuid'),
      column('login', 'text'),
      column('second', 'text'),
      column('third', 'text'),
      column('secret', 'text'),
      column('proof', 'text'),
      column('ms', 'bigint'),
    ],
    (row) => {
      for (const { access, customer } of withDistinctLogins(accepted)) {
        const [login, second = null, third = null] = access.logins;
        row(customer.tenantId, customer.id, login, second, third, access.secret, access.proof, customer.createdAtMs);
      }
    },
  );
}

interface Made {
  readonly access: NewAccess;
  readonly customer: CustomerState;
}

/**
 * Avoids equal logins within the batch: one statement does not see the rows that it inserts. If another customer of the batch may get a
 * generated login, the last and longest one is used, which nobody has.
 */
function withDistinctLogins(accepted: readonly Accepted[]): Made[] {
  const all = accepted.flatMap(({ command, posted }): Made[] =>
    'access' in command && command.access && posted.customer ? [{ access: command.access, customer: posted.customer }] : [],
  );
  const nameOf = (customer: CustomerState, login: string) => `${customer.tenantId} ${login}`;
  const used = new Set(all.flatMap(({ access: { logins }, customer }) => (logins.length === 1 ? [nameOf(customer, logins[0])] : [])));
  return all.map(({ access, customer }) => {
    const [first, second, third] = access.logins;
    if (second === undefined || third === undefined) return { access, customer };
    const clashes = used.has(nameOf(customer, first)) || used.has(nameOf(customer, second));
    used.add(nameOf(customer, first)).add(nameOf(customer, second));
    return { access: clashes ? { ...access, logins: [third] } : access, customer };
  });
}

/**
 * Writes each change once, in the order of the commands, with the customer's service after it; changes of a tenant share a row. They are
 * numbered after the commit (ADR-0088). Row ids rise only if one machine assigns them. So on a distributed database each change is a
 * row of its own, and its event contains the customer's state at the time of numbering.
 */
export function accessEvents(accepted: readonly Accepted[], nowMs: number, topology: Topology): Part {
  const changes = accepted.flatMap(({ command, posted }): Change[] => {
    const event = eventOf(command, posted);
    return posted.customer && event !== null ? [{ event, customer: posted.customer }] : [];
  });
  return topology === 'single' ? together(changes, nowMs) : oneByOne(changes, nowMs);
}

interface Change {
  readonly event: string;
  readonly customer: CustomerState;
}

/** The most changes in one row, so that the row fits into a database page. */
const CHANGES_A_ROW = 64;

function together(changes: readonly Change[], nowMs: number): Part {
  return part(
    'access_posted',
    `new_access_posted AS (
      INSERT INTO access_posted (tenant_id, id, customers, events, resellers, screens, ends, at)
      SELECT tenant_id, nextval('access_waiting_id_seq'), customers::uuid[], events::text[], resellers::uuid[], screens::smallint[], ends::bigint[], ${at('ms')} FROM given)`,
    [
      column('tenant_id', 'uuid'),
      column('customers', 'text'),
      column('events', 'text'),
      column('resellers', 'text'),
      column('screens', 'text'),
      column('ends', 'text'),
      column('ms', 'bigint'),
    ],
    (row) => {
      for (const [tenantId, own] of Map.groupBy(changes, ({ customer }) => customer.tenantId)) {
        for (let first = 0; first < own.length; first += CHANGES_A_ROW) {
          const some = own.slice(first, first + CHANGES_A_ROW);
          const arrayOf = (value: (change: Change) => string | number) => plainArray(some.map(value));
          row(
            tenantId,
            arrayOf(({ customer }) => customer.id),
            arrayOf(({ event }) => event),
            arrayOf(({ customer }) => customer.resellerId),
            arrayOf(({ customer }) => screensAt(customer, nowMs)),
            arrayOf(({ customer }) => customer.expiresAtMs),
            nowMs,
          );
        }
      }
    },
  );
}

function oneByOne(changes: readonly Change[], nowMs: number): Part {
  return part(
    'access_event',
    `new_access_event AS (
      INSERT INTO access_waiting (tenant_id, customer_id, event, at)
      SELECT tenant_id, customer_id, event, ${at('ms')} FROM given)`,
    [column('tenant_id', 'uuid'), column('customer_id', 'uuid'), column('event', 'text'), column('ms', 'bigint')],
    (row) => {
      for (const { customer, event } of changes) row(customer.tenantId, customer.id, event, nowMs);
    },
  );
}

/** The name of the access event. A customer payment that starts a trial's paid term is an activation. */
function eventOf(command: Command, { payment, transfer }: Posted): string | null {
  return payment !== null && transfer?.kind === 'ACTIVATION' ? 'CUSTOMER_ACTIVATED' : kindOf(command).accessEvent;
}
