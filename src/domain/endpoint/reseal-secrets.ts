/** Reseals endpoints' secrets with the newest key, so that an older key can be removed. */

import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { secretContext } from './signature.ts';

interface Sealed extends RowId {
  readonly secret: string;
  readonly oldSecret: string | null;
}

/** Makes one pass over all endpoints if there is more than one key. A secret that was rotated meanwhile, or that no key opens, stays. */
export async function resealEndpoints({ secrets, sql }: Pick<Ports, 'sql' | 'secrets'>): Promise<void> {
  if (secrets.keys < 2) return;
  const rows = await sql<Sealed[]>`
    SELECT tenant_id AS "tenantId", id, secret, old_secret AS "oldSecret" FROM webhook_endpoint WHERE removed_at IS NULL`;
  for (const { id, oldSecret, secret, tenantId } of rows) {
    const anew = (sealed: string) => {
      try {
        const context = secretContext({ tenantId, id });
        return secrets.isNewest(sealed) ? sealed : secrets.seal(secrets.open(sealed, context), context);
      } catch {
        return sealed;
      }
    };
    await sql`
      UPDATE webhook_endpoint SET secret = ${anew(secret)}, old_secret = ${oldSecret && anew(oldSecret)}
      WHERE tenant_id = ${tenantId} AND id = ${id} AND secret = ${secret} AND old_secret IS NOT DISTINCT FROM ${oldSecret}`;
  }
}
