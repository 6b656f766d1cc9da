/** The use case PUT /access/customers/:id/state: a service says that a customer is served, or why not (ADR-0081). */

import { z } from 'zod';
import type { Transaction } from '../../db/sql.ts';
import { BadUserInput, NotFound } from '../../kernel/errors.ts';
import { badInput } from '../bad-input.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { line } from '../text.ts';
import { transact } from '../transact.ts';
import { serviceStates } from './service-state.ts';
import { addAccessEvents } from './write-access.ts';

const MAX_REASON_CHARACTERS = 200;

const schema = z
  .strictObject({
    version: z.number().int('must be a whole number.').min(0, 'must be 0 or more.').max(Number.MAX_SAFE_INTEGER, 'must be below 2^53.'),
    state: z.enum(['READY', 'FAILED'], 'must be READY or FAILED.'),
    reason: line(MAX_REASON_CHARACTERS).nullish(),
  })
  .refine(({ reason, state }) => state === 'FAILED' || !reason, { path: ['reason'], error: 'is only for FAILED.' });

/** The stored state of a customer. */
export interface Acknowledged {
  readonly state: 'READY' | 'FAILED';
  readonly version: number;
}

/**
 * Stores the state and returns the stored one; an older version changes nothing. `customer` is the row that the caller's id names, or
 * null. Throws BadUserInput for a version above the tenant's present one, and NotFound if the tenant has no such customer.
 */
export async function acknowledgeAccess(
  ports: Pick<Ports, 'sql' | 'customersChanged'>,
  input: unknown,
  customer: RowId | null,
): Promise<Acknowledged> {
  const { reason = null, state, version } = badInput(schema, input);
  const { isNews, kept } = await transact(ports, async (tx) => {
    if (customer === null || !(await isCustomer(tx, customer))) throw new NotFound();
    const present = await presentVersion(tx, customer.tenantId);
    if (version > present) throw new BadUserInput('version', `must not be above the present version, ${present}.`);
    await tx`INSERT INTO service_begin (tenant_id, version) VALUES (${customer.tenantId}, ${version}) ON CONFLICT DO NOTHING`;
    await tx`SELECT FROM service_state WHERE tenant_id = ${customer.tenantId} AND customer_id = ${customer.id} FOR UPDATE`;
    const [before] = await serviceStates(tx, [customer]);
    const [written] = await tx<Acknowledged[]>`
      INSERT INTO service_state AS s (tenant_id, customer_id, version, state, reason, at)
      VALUES (${customer.tenantId}, ${customer.id}, ${version}, ${state}, ${reason}, date_trunc('milliseconds', clock_timestamp()))
      ON CONFLICT (tenant_id, customer_id) DO UPDATE SET version = excluded.version, state = excluded.state, reason = excluded.reason, at = excluded.at
      WHERE s.version <= excluded.version
      RETURNING state, version`;
    if (written === undefined) return { isNews: false, kept: await keptOf(tx, customer) };
    const [after] = await serviceStates(tx, [customer]);
    // A repeated state makes no event: otherwise a service that acknowledges every event would cause events forever.
    const isNews = after?.status !== 'WAITING' && (after?.status !== before?.status || after?.reason !== before?.reason);
    if (isNews) await addAccessEvents(tx, `SERVICE_${state}`, [customer]);
    return { isNews, kept: written };
  });
  if (isNews) ports.customersChanged();
  return kept;
}

async function isCustomer(tx: Transaction, { id, tenantId }: RowId): Promise<boolean> {
  const rows = await tx`SELECT FROM customer WHERE tenant_id = ${tenantId} AND id = ${id}`;
  return rows.length > 0;
}

async function presentVersion(tx: Transaction, tenantId: string): Promise<number> {
  const [row] = await tx<
    { version: number }[]
  >`SELECT coalesce(max(version), 0) AS version FROM access_event WHERE tenant_id = ${tenantId}`;
  return row?.version ?? 0;
}

async function keptOf(tx: Transaction, { id, tenantId }: RowId): Promise<Acknowledged> {
  const [row] = await tx<Acknowledged[]>`SELECT state, version FROM service_state WHERE tenant_id = ${tenantId} AND customer_id = ${id}`;
  if (row === undefined) throw new Error('the newer state that refused the write does not exist');
  return row;
}
