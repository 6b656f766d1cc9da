/** Reads the fields of templates with example values, for previews. */

import type { Sql } from '../../db/sql.ts';
import type { RowId } from '../input.ts';
import { exampleOf, type Facts, TEMPLATE_FIELDS } from './template.ts';

export interface ExampleField {
  readonly name: string;
  readonly example: string;
}

interface Row extends Pick<Facts, 'seller' | 'timeZone'> {
  readonly name: string | null;
  readonly login: string | null;
  readonly screens: number;
  readonly expiresAt: Date;
  readonly now: Date;
}

/** The examples come from the panel's customer whose service ends next. With `isMadeUp`, or if there is none, they are fictitious. */
export async function exampleFields(sql: Sql, { id, tenantId }: RowId, isMadeUp: boolean): Promise<ExampleField[]> {
  const [row] = await sql<Row[]>`
    SELECT r.name AS seller, t.time_zone AS "timeZone", clock_timestamp() AS now, c.name, a.login, c.next_screens AS screens,
      c.expires_at AS "expiresAt"
    FROM reseller r JOIN tenant t ON t.id = r.tenant_id
    LEFT JOIN LATERAL (
      SELECT * FROM customer
      WHERE tenant_id = ${tenantId} AND reseller_id = r.id AND expires_at > clock_timestamp() AND canceled_at IS NULL AND NOT ${isMadeUp}::boolean
      ORDER BY expires_at, id LIMIT 1
    ) AS c ON true
    LEFT JOIN customer_access a ON a.tenant_id = ${tenantId} AND a.customer_id = c.id
    WHERE r.tenant_id = ${tenantId} AND r.id = ${id}`;
  if (row === undefined) return [];
  const { name, now: dueAt, seller, timeZone, ...facts } = row;
  const customer = name === null ? {} : { ...facts, name, dueAt };
  return TEMPLATE_FIELDS.map((field) => ({ name: field, example: exampleOf(field, { seller, timeZone, ...customer }) }));
}
