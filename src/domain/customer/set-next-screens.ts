/** The use case setNextScreens: how many screens the next renewal pays for (R22). */

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
 * How many screens the next renewal is for, from 1 to the most that are paid for now or later (R22). Nothing is refunded, and what
 * is paid stays. `customer` is what the caller's id names, if anything.
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
    if (now.isTrial) throw new InvalidState('A trial is not renewed: it is activated with as many screens as are wanted.');
    const most = Math.max(now.nextScreens, mostScreensAt(paidFor(now), now.now.getTime()));
    if (screens > most) throw new InvalidState(`The customer has at most ${most} screens: more are bought with addScreens.`);
    if (screens === now.nextScreens) return;
    if (screens > now.nextScreens) {
      // What is there is not taken away, but it does not come back (R56).
      const allowed = mostScreensAllowed(await limitsOnPath(tx, now.tenantId, panel.id));
      if (screens > allowed) throw new LimitReached('maxScreensPerCustomer', allowed, screens);
    }
    await tx`UPDATE customer SET next_screens = ${screens} WHERE tenant_id = ${now.tenantId} AND id = ${now.id}`;
    const entry = { tenantId: actor.tenantId, resellerId: panel.id, actorId: actor.userId, address };
    const changes = [{ field: 'nextScreens', before: String(now.nextScreens), after: String(screens) }];
    await recordAudit(tx, { ...entry, action: 'NEXT_SCREENS_SET', subject: now.name, changes });
  });
}
