/** The use case updateReseller: a panel's name and reserve. */

import { z } from 'zod';
import type { Transaction } from '../../db/sql.ts';
import type { Acting, Role } from '../../kernel/actor.ts';
import { MAX_CREDITS } from '../../kernel/credits.ts';
import { InvalidInput, InvalidState } from '../../kernel/errors.ts';
import { transactOnPanel } from '../acting-panel.ts';
import { type AuditChange, recordAudit } from '../audit/record.ts';
import { checkInput } from '../check-input.ts';
import { nameSchema, type RowId, requirePanel } from '../input.ts';
import type { Ports } from '../ports.ts';

export const UPDATE_ROLES: readonly Role[] = ['OWNER'];

const schema = z.object({
  name: nameSchema.nullish(),
  reserveThreshold: z.number().int().min(0).max(MAX_CREDITS).nullish(),
  keepReserve: z.boolean().nullish(),
});

export interface UpdateResellerInput {
  readonly name?: string | null | undefined;
  /** The balance at which `lowBalance` is raised (R12). */
  readonly reserveThreshold?: number | null | undefined;
  /** Whether an operation that would leave less than the threshold is refused (R57). */
  readonly keepReserve?: boolean | null | undefined;
}

/** Changes the name, the reserve threshold or `keepReserve` of the acting panel or of one below it. Absent fields stay as they are. */
export async function updateReseller(
  ports: Pick<Ports, 'sql'>,
  { actor, address }: Acting,
  reseller: RowId | null,
  input: UpdateResellerInput,
): Promise<RowId> {
  const panel = requirePanel(actor, UPDATE_ROLES);
  const { keepReserve: given, name: givenName, reserveThreshold: threshold } = input;
  const { keepReserve, name, reserveThreshold } = checkInput(schema, { keepReserve: given, name: givenName, reserveThreshold: threshold });
  if (name == null && reserveThreshold == null && keepReserve == null) {
    throw new InvalidInput([{ path: 'input.name', message: 'give a name, a reserve threshold or keepReserve.' }]);
  }
  const { tenantId } = actor;
  const transaction = { actor, panelId: panel.id, roles: UPDATE_ROLES, target: reseller };
  return transactOnPanel(ports, transaction, async (tx, _own, { closed, id, name: nameNow }) => {
    if (closed) throw new InvalidState('The panel is closed.');
    const changes: AuditChange[] = [];
    if (name != null && name !== nameNow) {
      await tx`UPDATE reseller SET name = ${name} WHERE tenant_id = ${tenantId} AND id = ${id}`;
      changes.push({ field: 'name', before: nameNow, after: name });
    }
    if (reserveThreshold != null) changes.push(...(await setThreshold(tx, tenantId, id, reserveThreshold)));
    if (keepReserve != null) changes.push(...(await setKept(tx, tenantId, id, keepReserve)));
    if (changes.length > 0) {
      const entry = { tenantId, resellerId: id, actorId: actor.userId, address, subject: nameNow, changes };
      await recordAudit(tx, { ...entry, action: 'RESELLER_UPDATED' });
    }
    return { tenantId, id };
  });
}

async function setThreshold(tx: Transaction, tenantId: string, id: string, threshold: number): Promise<AuditChange[]> {
  const [now] = await tx<{ threshold: number }[]>`
    SELECT reserve_threshold AS threshold FROM account WHERE tenant_id = ${tenantId} AND id = ${id}`;
  if (!now || now.threshold === threshold) return [];
  await tx`UPDATE account SET reserve_threshold = ${threshold} WHERE tenant_id = ${tenantId} AND id = ${id}`;
  return [{ field: 'reserveThreshold', before: String(now.threshold), after: String(threshold) }];
}

async function setKept(tx: Transaction, tenantId: string, id: string, keepReserve: boolean): Promise<AuditChange[]> {
  const changed = await tx`
    UPDATE reseller SET keep_reserve = ${keepReserve} WHERE tenant_id = ${tenantId} AND id = ${id} AND keep_reserve <> ${keepReserve} RETURNING id`;
  return changed.length === 0 ? [] : [{ field: 'keepReserve', before: String(!keepReserve), after: String(keepReserve) }];
}
