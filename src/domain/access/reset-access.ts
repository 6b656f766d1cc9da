/** The use case resetAccess: replaces a customer's secret, and its login if one is given (R46). */

import { z } from 'zod';
import { isTaken } from '../../db/retry.ts';
import type { Transaction } from '../../db/sql.ts';
import type { Acting } from '../../kernel/actor.ts';
import { AlreadyExists } from '../../kernel/errors.ts';
import type { NewAccess } from '../../ledger/command.ts';
import { recordAudit } from '../audit/record.ts';
import { checkInput } from '../check-input.ts';
import { changeCustomer } from '../customer/change-customer.ts';
import { CUSTOMER_ROLES } from '../customer/fields.ts';
import { type RowId, requirePanel } from '../input.ts';
import type { Ports } from '../ports.ts';
import { optional } from '../text.ts';
import { loginSchema, madeSecret, newAccess, sealedSecret, secretSchema } from './credentials.ts';
import { addAccessResetEvents, writeAccess } from './write-access.ts';

const schema = z.object({ login: optional(loginSchema), secret: secretSchema.nullish() });

export interface ResetAccessInput {
  readonly login?: string | null | undefined;
  readonly secret?: string | null | undefined;
}

/**
 * The old secret is invalid from the commit on. Without a given login the old login stays. This moves no credits and has no
 * idempotency key: a caller who repeats it after a lost answer gets another secret, and the last one is valid. `customer` is the row
 * that the caller's id names, or null.
 */
export async function resetAccess(
  ports: Pick<Ports, 'sql' | 'secrets' | 'customersChanged'>,
  { actor, address }: Acting,
  input: ResetAccessInput,
  customer: RowId | null,
): Promise<RowId> {
  const panel = requirePanel(actor, CUSTOMER_ROLES);
  const { login = null, secret } = checkInput(schema, input);
  const made = secret ?? madeSecret();
  try {
    const changed = await changeCustomer(ports, actor, panel, customer, async (tx, now) => {
      const sealed = sealedSecret(ports.secrets, now, made);
      if (login !== null || !(await replaceSecret(tx, now, sealed))) {
        const access = newAccess(ports.secrets, now, { login, secret: made });
        if (access !== null) await writeAccess(tx, [{ ...access, ...now }]);
      }
      const entry = { tenantId: actor.tenantId, resellerId: panel.id, actorId: actor.userId, address };
      // The login is not recorded: if the panel is closed later, others will read its log.
      await recordAudit(tx, { ...entry, action: 'ACCESS_RESET', subject: now.name, changes: [] });
      await addAccessResetEvents(tx, [now]);
    });
    ports.customersChanged();
    return changed;
  } catch (error) {
    // The message does not say whose login it is: it may belong to another panel's customer.
    throw isTaken(error, 'access_login') ? new AlreadyExists('This login is taken: choose another.') : error;
  }
}

/** Returns whether the customer has a login, which stays. */
async function replaceSecret(
  tx: Transaction,
  { id, tenantId }: RowId,
  { proof, secret }: Pick<NewAccess, 'secret' | 'proof'>,
): Promise<boolean> {
  const { count } = await tx`
    UPDATE customer_access SET secret = ${secret}, proof = ${proof}, updated_at = date_trunc('milliseconds', statement_timestamp())
    WHERE tenant_id = ${tenantId} AND customer_id = ${id}`;
  return count === 1;
}
