/** The use case setNextScreens: sets how many screens the next renewal pays for (R22). */

import { z } from 'zod';
import type { Acting } from '../../kernel/actor.ts';
import { InvalidState, LimitReached } from '../../kernel/errors.ts';
import { mostScreensAllowed } from '../../ledger/rules/limits.ts';
import { mostScreensAt } from '../../ledger/rules/spans.ts';
import { recordAudit } from '../audit/record.ts';
import { checkInput } from '../check-input.ts';
import { type RowId, requirePanel } from '../input.ts';
import type { Ports } from '../ports.ts';
import { limitsOnPath } from '../reseller/limits-on-path.ts';
import { changeCustomer } from './change-customer.ts';
import { CUSTOMER_ROLES, screensSchema } from './fields.ts';
import { paidFor } from './paid-screens.ts';

const schema = z.object({ screens: screensSchema });

/**
 * Sets the screens of the next renewal: from 1 to the most that are paid for now or in a later span (R22). Nothing is refunded, and
 * paid screens stay. `customer` is the row that the caller's id names, or null.
 */
export async function setNextScreens(
  ports: Pick<Ports, 'sql'>,
  { actor, address }: Acting,
  input: { readonly screens: number },
  customer: RowId | null,
): Promise<RowId> {
  const panel = requirePanel(actor, CUSTOMER_ROLES);
  const { screens } = checkInput(schema, { screens: input.screens });
  return changeCustomer(ports, actor, panel, customer, async (tx, now) => {
    if (now.isTrial) throw new InvalidState('A trial cannot be renewed: choose the screens when you activate it.');
    const most = Math.max(now.nextScreens, mostScreensAt(paidFor(now), now.now.getTime()));
    if (screens > most) throw new InvalidState(`The customer has at most ${most} screens: use addScreens to buy more.`);
    if (screens === now.nextScreens) return;
    if (screens > now.nextScreens) {
      // A lower limit takes no screens away, but screens above it, once given up, cannot be set again (R56).
      const allowed = mostScreensAllowed(await limitsOnPath(tx, now.tenantId, panel.id));
      if (screens > allowed) throw new LimitReached('maxScreensPerCustomer', allowed, screens);
    }
    await tx`UPDATE customer SET next_screens = ${screens} WHERE tenant_id = ${now.tenantId} AND id = ${now.id}`;
    const entry = { tenantId: actor.tenantId, resellerId: panel.id, actorId: actor.userId, address };
    const changes = [{ field: 'nextScreens', before: String(now.nextScreens), after: String(screens) }];
    await recordAudit(tx, { ...entry, action: 'NEXT_SCREENS_SET', subject: now.name, changes });
  });
}
