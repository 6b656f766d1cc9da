/** The use case setPlans: replaces a panel's prices for its customers (R52). */

import { z } from 'zod';
import type { Transaction } from '../../db/sql.ts';
import type { Acting, Role } from '../../kernel/actor.ts';
import { MAX_CREDITS } from '../../kernel/credits.ts';
import { NotFound } from '../../kernel/errors.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import { recordAudit } from '../audit/record.ts';
import { checkInput } from '../check-input.ts';
import { currencySchema } from '../currency.ts';
import { periodsSchema, screensSchema } from '../customer/fields.ts';
import { nameSchema, type RowId, requirePanel } from '../input.ts';
import type { Ports } from '../ports.ts';
import { transactAsOwner } from '../transact.ts';
import { type Plan, plansOf } from './plans.ts';

/** Only owners set prices. */
export const PLAN_ROLES: readonly Role[] = ['OWNER'];
/** The most plans of one panel: a customer sees all of them on one page. */
export const MAX_PLANS = 20;

const schema = z.object({
  currency: currencySchema,
  plans: z
    .array(
      z.object({
        name: nameSchema,
        periods: periodsSchema,
        screens: screensSchema,
        priceMinor: z.number().int().min(1, 'must be at least 1.').max(MAX_CREDITS, `must be at most ${MAX_CREDITS}.`),
      }),
    )
    .max(MAX_PLANS, `must be at most ${MAX_PLANS} plans.`),
});

export interface PlanInput {
  /** The existing plan that the id names; null if it names none. undefined for a new plan. */
  readonly plan: RowId | null | undefined;
  readonly name: string;
  readonly periods: number;
  readonly screens: number;
  readonly priceMinor: number;
}

/** Replaces all plans of the acting panel, in the given order. */
export async function setPlans(
  ports: Pick<Ports, 'sql'>,
  { actor, address }: Acting,
  input: { readonly currency: string; readonly plans: readonly PlanInput[] },
): Promise<readonly Plan[]> {
  const panel = requirePanel(actor, PLAN_ROLES);
  const { currency, plans } = checkInput(schema, input);
  const { tenantId } = actor;
  return transactAsOwner(ports, actor, panel, async (tx) => {
    const own = { tenantId, id: panel.id };
    const before = await plansOf(tx, own);
    const known = new Set(before.map(({ id }) => id));
    const list = plans.map((plan, index): Plan => {
      const named = input.plans[index]?.plan;
      // An id may be named only once: two plans cannot be the same one.
      if (named === null || (named && !known.delete(named.id))) throw new NotFound();
      return { tenantId, id: named?.id ?? uuidv7(), resellerId: panel.id, currency, ...plan };
    });
    await replace(tx, own, list);
    await recordAudit(tx, {
      ...{ tenantId, resellerId: panel.id, actorId: actor.userId, address, action: 'PLANS_SET', subject: null },
      changes: [{ field: 'plans', before: inWords(before), after: inWords(list) }],
    });
    return list;
  });
}

async function replace(tx: Transaction, { id, tenantId }: RowId, list: readonly Plan[]): Promise<void> {
  await tx`DELETE FROM plan WHERE tenant_id = ${tenantId} AND reseller_id = ${id}`;
  const rows = list.map((plan, index) => ({ ...plan, position: index + 1 }));
  await tx`
    INSERT INTO plan (tenant_id, id, reseller_id, position, name, periods, screens, price_minor, currency)
    SELECT ${tenantId}, id, ${id}, position, name, periods, screens, "priceMinor", currency
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      AS given (id uuid, position smallint, name text, periods smallint, screens smallint, "priceMinor" bigint, currency text)`;
}

/** The list for people to read, with prices in minor units. */
function inWords(list: readonly Plan[]): string | null {
  const [first] = list;
  if (first === undefined) return null;
  const plans = list.map(({ name, periods, priceMinor, screens }) => `${name} (${periods} × ${screens}) at ${priceMinor}`);
  return `${plans.join(', ')} (${first.currency}, minor units)`;
}
