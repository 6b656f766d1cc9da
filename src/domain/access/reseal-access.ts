/** Reseals customers' secrets with the newest key, so that an older key can be removed. */

import { isOf, tenantOr } from '../../db/by-tenant.ts';
import type { SecretBox } from '../../kernel/secrets.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { RESEALED_ROWS, resealPages } from '../reseal-pages.ts';
import { sealContext, sealedSecret } from './credentials.ts';

interface Sealed extends RowId {
  readonly secret: string;
}

/** A secret that no key opens stays as it is: resetAccess can replace it. */
export async function resealAccess(ports: Pick<Ports, 'sql' | 'topology' | 'secrets'>, stop?: AbortSignal): Promise<void> {
  await resealPages(
    ports,
    'customer_access',
    async (tx, last, ofTenant) => {
      const page = await tx<Sealed[]>`
        SELECT tenant_id AS "tenantId", customer_id AS id, secret FROM customer_access
        WHERE ${isOf(tx, ofTenant)} AND (tenant_id, customer_id) > (${last.tenantId}, ${last.id}) ORDER BY tenant_id, customer_id
        LIMIT ${RESEALED_ROWS} FOR NO KEY UPDATE`;
      const anew = page.flatMap((row) => resealed(ports.secrets, row));
      await tx`
        UPDATE customer_access a SET secret = w.secret, proof = w.proof
        FROM jsonb_to_recordset(${JSON.stringify(anew)}::text::jsonb) AS w ("tenantId" uuid, id uuid, secret text, proof text)
        WHERE a.tenant_id = ${tenantOr(tx, ofTenant, 'w."tenantId"')} AND a.customer_id = w.id`;
      return page;
    },
    stop,
  );
}

function resealed(secrets: SecretBox, { id, secret, tenantId }: Sealed) {
  if (secrets.isNewest(secret)) return [];
  try {
    return [{ tenantId, id, ...sealedSecret(secrets, { tenantId, id }, secrets.open(secret, sealContext({ tenantId, id }))) }];
  } catch {
    return [];
  }
}
