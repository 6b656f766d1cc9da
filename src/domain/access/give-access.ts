/** Gives customers that have none a login and a secret: those of before, and those that a server of the version before makes (R46). */

import { isTaken } from '../../db/retry.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { transact } from '../transact.ts';
import { newAccess } from './credentials.ts';
import { tellOfAccess, writeAccess } from './write-access.ts';

/** Rows of one transaction: a server that is posting waits for no longer than they take. */
const BATCH_ROWS = 200;

/** Ends when no customer is left; several processes share them. Without a key it waits for one: whoever sets it starts the servers anew. */
export async function giveAccess(ports: Pick<Ports, 'sql' | 'secrets'>, stop?: AbortSignal): Promise<void> {
  if (ports.secrets.keys === 0) return;
  let rows = BATCH_ROWS;
  while (rows === BATCH_ROWS && !stop?.aborted) {
    try {
      ({ rows } = await transact(ports, async (tx) => {
        const customers = await tx<(RowId & { readonly isServed: boolean })[]>`
          SELECT tenant_id AS "tenantId", id, expires_at > clock_timestamp() AS "isServed" FROM customer WHERE NOT has_access LIMIT ${BATCH_ROWS} FOR NO KEY UPDATE SKIP LOCKED`;
        await writeAccess(
          tx,
          customers.flatMap((customer) => {
            const access = newAccess(ports.secrets, customer, {});
            return access === null ? [] : [{ ...customer, ...access }];
          }),
        );
        const served = customers.filter(({ isServed }) => isServed);
        await tellOfAccess(tx, served);
        return { rows: customers.length };
      }));
    } catch (error) {
      // A made login that was taken in the same moment, or twice in one transaction: others are made.
      if (!isTaken(error, 'access_login')) throw error;
    }
  }
}
