/** The fields of templates, each with what it becomes: for previews. */

import type { Sql } from '../../db/sql.ts';
import type { RowId } from '../input.ts';
import { exampleOf, TEMPLATE_FIELDS } from './template.ts';

export interface ExampleField {
  readonly name: string;
  readonly example: string;
}

/** Of a customer of the panel that is made up. */
export async function exampleFields(sql: Sql, { id, tenantId }: RowId): Promise<ExampleField[]> {
  const [panel] = await sql<{ name: string; timeZone: string }[]>`
    SELECT r.name, t.time_zone AS "timeZone" FROM reseller r JOIN tenant t ON t.id = r.tenant_id
    WHERE r.tenant_id = ${tenantId} AND r.id = ${id}`;
  return panel === undefined ? [] : TEMPLATE_FIELDS.map((name) => ({ name, example: exampleOf(name, panel.name, panel.timeZone) }));
}
