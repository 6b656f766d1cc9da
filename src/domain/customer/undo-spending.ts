/** The use case undoSpending: takes back a spend that was a mistake (R45). */

import { z } from 'zod';
import type { Sql } from '../../db/sql.ts';
import type { Actor } from '../../kernel/actor.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { SpendingFacts } from '../../ledger/command.ts';
import type { Posted, Replayed } from '../../ledger/outcome.ts';
import { checkInput } from '../check-input.ts';
import { keySchema, type RowId, requirePanel } from '../input.ts';
import { keyed } from '../keyed-command.ts';
import { accepted } from '../outcome.ts';
import type { Ports } from '../ports.ts';
import { CUSTOMER_ROLES } from './fields.ts';

const schema = z.object({ idempotencyKey: keySchema });

export interface UndoSpendingInput {
  /** As the caller wrote it. */
  readonly transferId: string;
  readonly idempotencyKey: string;
}

/**
 * Returns all credits of a spend of the acting panel, and restores its customer (R45). It is possible while nothing else has changed
 * the customer and the policy's time has not passed, also for a locked or suspended panel. `transfer` is the row that the id
 * names, or null.
 */
export async function undoSpending(
  ports: Pick<Ports, 'ledger' | 'sql'>,
  actor: Actor,
  input: UndoSpendingInput,
  transfer: RowId | null,
): Promise<Posted | Replayed> {
  const panel = requirePanel(actor, CUSTOMER_ROLES);
  checkInput(schema, input);
  const found = transfer?.tenantId === actor.tenantId ? await findSpending(ports.sql, transfer, panel.id) : undefined;
  const { customerId, ...spending } = found ?? { customerId: null };
  return accepted(
    await ports.ledger.post({
      ...keyed('undoSpending', actor, CUSTOMER_ROLES, input),
      transferId: uuidv7(),
      customerId,
      spending: 'transferId' in spending ? spending : null,
    }),
  );
}

/** Reads a spend of this panel from the journal, which never changes. */
async function findSpending(
  sql: Sql,
  { id, tenantId }: RowId,
  panelId: string,
): Promise<(SpendingFacts & { readonly customerId: string }) | undefined> {
  const [row] = await sql<(SpendingFacts & { readonly customerId: string })[]>`
    SELECT id AS "transferId", customer_id AS "customerId", amount, (date_part('epoch', created_at) * 1000)::bigint AS "createdAtMs"
    FROM transfer
    WHERE tenant_id = ${tenantId} AND id = ${id} AND from_id = ${panelId} AND kind IN ('ACTIVATION', 'RENEWAL', 'SCREENS')`;
  return row;
}
