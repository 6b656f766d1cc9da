/** The use case setResellerLimits: limits a direct child and everything below it (R56). */

import { z } from 'zod';
import type { Transaction } from '../../db/sql.ts';
import type { Acting, Role } from '../../kernel/actor.ts';
import { InvalidState, NotDirectChild } from '../../kernel/errors.ts';
import { type Limits, NO_LIMITS } from '../../kernel/limits.ts';
import { transactOnPanel } from '../acting-panel.ts';
import { type AuditChange, recordAudit } from '../audit/record.ts';
import { checkInput } from '../check-input.ts';
import { type RowId, requirePanel } from '../input.ts';
import type { Ports } from '../ports.ts';

export const LIMIT_ROLES: readonly Role[] = ['OWNER'];

const MAX_LIMIT = 2_147_483_647;

function most(lowest: number) {
  const error = `must be a whole number from ${lowest} to ${MAX_LIMIT}, or empty.`;
  return z.number().int({ error }).min(lowest, { error }).max(MAX_LIMIT, { error }).nullish();
}

const schema = z.object({
  mayCreateResellers: z.boolean(),
  maxResellers: most(0),
  maxCustomers: most(0),
  maxTrialsPerDay: most(0),
  maxScreensPerCustomer: most(1),
});

export interface SetResellerLimitsInput {
  readonly mayCreateResellers: boolean;
  readonly maxResellers?: number | null | undefined;
  readonly maxCustomers?: number | null | undefined;
  readonly maxTrialsPerDay?: number | null | undefined;
  readonly maxScreensPerCustomer?: number | null | undefined;
}

/**
 * Sets all limits of a direct child of the acting panel; an absent limit is removed. Whatever exists already stays, and a lower
 * limit only refuses more. It locks the tenant's row, as creating and moving a panel do, and the child's account, as every
 * operation does that counts against its limits. So all later decisions see the new limits.
 */
export async function setResellerLimits(
  ports: Pick<Ports, 'sql'>,
  { actor, address }: Acting,
  reseller: RowId | null,
  input: SetResellerLimitsInput,
): Promise<RowId> {
  const panel = requirePanel(actor, LIMIT_ROLES);
  const { maxCustomers, maxResellers, maxScreensPerCustomer, maxTrialsPerDay, mayCreateResellers } = input;
  const given = checkInput(schema, { mayCreateResellers, maxResellers, maxCustomers, maxTrialsPerDay, maxScreensPerCustomer });
  const after: Limits = {
    mayCreateResellers: given.mayCreateResellers,
    maxResellers: given.maxResellers ?? null,
    maxCustomers: given.maxCustomers ?? null,
    maxTrialsPerDay: given.maxTrialsPerDay ?? null,
    maxScreensPerCustomer: given.maxScreensPerCustomer ?? null,
  };
  const { tenantId } = actor;
  const transaction = { actor, panelId: panel.id, roles: LIMIT_ROLES, target: reseller, holdsTree: true };
  return transactOnPanel(ports, transaction, async (tx, own, child) => {
    if (child.parentId !== own.id) throw new NotDirectChild('Limits are set for a direct child.');
    if (child.closed) throw new InvalidState('The panel is closed.');
    const changes = changesBetween(await write(tx, tenantId, child.id, after), after);
    if (changes.length > 0) {
      const entry = { tenantId, resellerId: child.id, actorId: actor.userId, address, subject: child.name, changes };
      await recordAudit(tx, { ...entry, action: 'RESELLER_LIMITS_SET' });
    }
    return { tenantId, id: child.id };
  });
}

/** Returns the previous limits. */
async function write(tx: Transaction, tenantId: string, id: string, limits: Limits): Promise<Limits> {
  const [before] = await tx<Limits[]>`
    SELECT may_create_resellers AS "mayCreateResellers", max_resellers AS "maxResellers", max_customers AS "maxCustomers",
      max_trials_per_day AS "maxTrialsPerDay", max_screens_per_customer AS "maxScreensPerCustomer"
    FROM reseller WHERE tenant_id = ${tenantId} AND id = ${id}`;
  await tx`
    UPDATE reseller SET may_create_resellers = ${limits.mayCreateResellers}, max_resellers = ${limits.maxResellers},
      max_customers = ${limits.maxCustomers}, max_trials_per_day = ${limits.maxTrialsPerDay},
      max_screens_per_customer = ${limits.maxScreensPerCustomer}, limited = ${isLimited(limits)}
    WHERE tenant_id = ${tenantId} AND id = ${id}`;
  return before ?? NO_LIMITS;
}

function isLimited({ mayCreateResellers, ...most }: Limits): boolean {
  return !mayCreateResellers || Object.values(most).some((one) => one !== null);
}

function changesBetween(before: Limits, after: Limits): AuditChange[] {
  const text = (value: boolean | number | null) => (value === null ? null : String(value));
  return (Object.keys(NO_LIMITS) as (keyof Limits)[]).flatMap((field) =>
    before[field] === after[field] ? [] : [{ field, before: text(before[field]), after: text(after[field]) }],
  );
}
