/** What a batch writes of what new customers sign in with (R46), and of the changes of what customers may use (R48). */

import type { Command, NewAccess } from '../command.ts';
import type { CustomerState, Posted } from '../outcome.ts';
import { kindOf } from '../rules/kinds.ts';
import { type Accepted, at, column, type Part, part } from './part.ts';

/** Whether nobody of the tenant has it, by one look-up in an index: an EXISTS could be planned as a hash of the whole table. */
const isFree = (login: string) =>
  `(SELECT true FROM customer_access a WHERE a.tenant_id = n.tenant_id AND a.login = n.${login} OFFSET 0) IS NULL`;

/** Logins and sealed secrets of new customers. A made login that is taken gives way to the next (ADR-0087). */
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

/** One statement does not see its own rows: a made login that another customer of the batch may get gives way to the last, which nobody has. */
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

/** Each change once, in the order of the commands; numbered after the commit (ADR-0088). */
export function accessEvents(accepted: readonly Accepted[], nowMs: number): Part {
  return part(
    'access_event',
    `new_access_event AS (
      INSERT INTO access_waiting (tenant_id, customer_id, event, at)
      SELECT tenant_id, customer_id, event, ${at('ms')} FROM given)`,
    [column('tenant_id', 'uuid'), column('customer_id', 'uuid'), column('event', 'text'), column('ms', 'bigint')],
    (row) => {
      for (const { command, posted } of accepted) {
        const event = eventOf(command, posted);
        if (posted.customer && event !== null) row(posted.customer.tenantId, posted.customer.id, event, nowMs);
      }
    },
  );
}

/** A payment for a trial activates it. */
function eventOf(command: Command, { payment, transfer }: Posted): string | null {
  return payment !== null && transfer?.kind === 'ACTIVATION' ? 'CUSTOMER_ACTIVATED' : kindOf(command).accessEvent;
}
