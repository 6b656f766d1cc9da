/** Reseals renewal links with the newest key, so that an older key can be removed. */

import { isOf, tenantOr } from '../../db/by-tenant.ts';
import type { SecretBox } from '../../kernel/secrets.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { RESEALED_ROWS, resealPages } from '../reseal-pages.ts';
import { sealContext } from './renewal-link.ts';

interface Sealed extends RowId {
  readonly token: string;
}

/** A token that no key opens stays as it is: resetRenewalLink can replace it. */
export async function resealLinks(ports: Pick<Ports, 'sql' | 'topology' | 'secrets'>, stop?: AbortSignal): Promise<void> {
  await resealPages(
    ports,
    'renewal_link',
    async (tx, last, ofTenant) => {
      const page = await tx<Sealed[]>`
        SELECT tenant_id AS "tenantId", customer_id AS id, token FROM renewal_link
        WHERE ${isOf(tx, ofTenant)} AND (tenant_id, customer_id) > (${last.tenantId}, ${last.id}) ORDER BY tenant_id, customer_id
        LIMIT ${RESEALED_ROWS} FOR NO KEY UPDATE`;
      const anew = page.flatMap((row) => resealed(ports.secrets, row));
      await tx`
        UPDATE renewal_link l SET token = w.token FROM jsonb_to_recordset(${JSON.stringify(anew)}::text::jsonb) AS w ("tenantId" uuid, id uuid, token text)
        WHERE l.tenant_id = ${tenantOr(tx, ofTenant, 'w."tenantId"')} AND l.customer_id = w.id`;
      return page;
    },
    stop,
  );
}

function resealed(secrets: SecretBox, row: Sealed): Sealed[] {
  if (secrets.isNewest(row.token)) return [];
  try {
    return [{ ...row, token: secrets.seal(secrets.open(row.token, sealContext(row)), sealContext(row)) }];
  } catch {
    return [];
  }
}
