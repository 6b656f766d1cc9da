/** Gives a login and a secret to customers without them: older customers, and those that a server of the previous version creates (R46). */

import { isOf } from '../../db/by-tenant.ts';
import { isTaken } from '../../db/retry.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { type TenantWithWork, tenantsWithWork } from '../tenants-with-work.ts';
import { transact } from '../transact.ts';
import { newAccess } from './credentials.ts';
import { addAccessResetEvents, writeAccess } from './write-access.ts';

/** Rows in one transaction. It keeps the transaction short, because a server that is posting may wait for it. */
const BATCH_ROWS = 200;

/** Ends when no customer is left. Several processes can share the work. Does nothing without a key: setting one needs a restart. */
export async function giveAccess(ports: Pick<Ports, 'sql' | 'topology' | 'secrets'>, stop?: AbortSignal): Promise<void> {
  if (ports.secrets.keys === 0) return;
  const tenants = await tenantsWithWork(
    ports,
    () => ports.sql<TenantWithWork[]>`SELECT DISTINCT tenant_id AS "tenantId" FROM customer WHERE NOT has_access`,
  );
  for (const tenantId of tenants) await giveSome(ports, tenantId, stop);
}

async function giveSome(ports: Pick<Ports, 'sql' | 'secrets'>, ofTenant: string | null, stop: AbortSignal | undefined): Promise<void> {
  let rows = BATCH_ROWS;
  while (rows === BATCH_ROWS && !stop?.aborted) {
    try {
      ({ rows } = await transact(ports, async (tx) => {
        const customers = await tx<(RowId & { readonly isServed: boolean })[]>`
          SELECT tenant_id AS "tenantId", id, expires_at > clock_timestamp() AS "isServed" FROM customer
          WHERE ${isOf(tx, ofTenant)} AND NOT has_access LIMIT ${BATCH_ROWS} FOR NO KEY UPDATE SKIP LOCKED`;
        await writeAccess(
          tx,
          customers.flatMap((customer) => {
            const access = newAccess(ports.secrets, customer, {});
            return access === null ? [] : [{ ...customer, ...access }];
          }),
        );
        const served = customers.filter(({ isServed }) => isServed);
        await addAccessResetEvents(tx, served);
        return { rows: customers.length };
      }));
    } catch (error) {
      // A generated login was taken at the same moment, or is used twice in this transaction: the next round generates others.
      if (!isTaken(error, 'access_login')) throw error;
    }
  }
}
