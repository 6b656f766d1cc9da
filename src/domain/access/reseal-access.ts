/** Seals customers' secrets with the newest key, so that an older one may be removed. */

import type { SecretBox } from '../../kernel/secrets.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { transact } from '../transact.ts';
import { sealContext, sealedSecret } from './credentials.ts';

/** Rows of one transaction: a reset waits for no longer than they take. */
const BATCH_ROWS = 500;

interface Sealed extends RowId {
  readonly secret: string;
}

/** One pass over all of them, where there is more than one key. What no key opens stays as it is: resetAccess makes another. */
export async function resealAccess(ports: Pick<Ports, 'sql' | 'secrets'>, stop?: AbortSignal): Promise<void> {
  const { secrets } = ports;
  if (secrets.keys < 2) return;
  let last: RowId = { tenantId: '00000000-0000-0000-0000-000000000000', id: '00000000-0000-0000-0000-000000000000' };
  while (!stop?.aborted) {
    const { rows } = await transact(ports, async (tx) => {
      const page = await tx<Sealed[]>`
        SELECT tenant_id AS "tenantId", customer_id AS id, secret FROM customer_access
        WHERE (tenant_id, customer_id) > (${last.tenantId}, ${last.id}) ORDER BY tenant_id, customer_id LIMIT ${BATCH_ROWS} FOR NO KEY UPDATE`;
      const anew = page.flatMap((row) => resealed(secrets, row));
      await tx`
        UPDATE customer_access a SET secret = w.secret, proof = w.proof
        FROM jsonb_to_recordset(${JSON.stringify(anew)}::text::jsonb) AS w ("tenantId" uuid, id uuid, secret text, proof text)
        WHERE a.tenant_id = w."tenantId" AND a.customer_id = w.id`;
      return { rows: page };
    });
    const end = rows.at(-1);
    if (end === undefined) return;
    last = end;
  }
}

function resealed(secrets: SecretBox, { id, secret, tenantId }: Sealed) {
  if (secrets.isNewest(secret)) return [];
  try {
    return [{ tenantId, id, ...sealedSecret(secrets, { tenantId, id }, secrets.open(secret, sealContext({ tenantId, id }))) }];
  } catch {
    return [];
  }
}
