/** The use case closeReseller (R17). */

import { z } from 'zod';
import { type Acting, PLATFORM_TENANT_ID, type Role } from '../../kernel/actor.ts';
import { InvalidState, Overloaded } from '../../kernel/errors.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { CloseReseller } from '../../ledger/command.ts';
import type { Outcome, Posted, Replayed } from '../../ledger/outcome.ts';
import { checkInput } from '../check-input.ts';
import { keySchema, type RowId, requireRole } from '../input.ts';
import { keyed } from '../keyed-command.ts';
import { accepted } from '../outcome.ts';
import type { Ports } from '../ports.ts';

export const CLOSE_ROLES: readonly Role[] = ['OWNER', 'PLATFORM'];

/** The close is refused if the panel is moved this many times meanwhile. */
const ATTEMPTS = 5;

const schema = z.object({ idempotencyKey: keySchema });

export interface CloseResellerInput {
  /** As the caller wrote it. */
  readonly resellerId: string;
  readonly idempotencyKey: string;
}

interface Position {
  readonly parentId: string | null;
  readonly path: string;
}

/**
 * Closes a panel for good (R17). A panel above it closes it; the platform closes a root. Its balance and its customers go to its
 * parent, its unpaid purchases are canceled, and its sessions end at once in every process. `reseller` is the row that `resellerId`
 * names, or null.
 */
export async function closeReseller(
  ports: Pick<Ports, 'ledger' | 'sql' | 'announce'>,
  { actor, address }: Acting,
  input: CloseResellerInput,
  reseller: RowId | null,
): Promise<Posted | Replayed> {
  requireRole(actor, CLOSE_ROLES);
  checkInput(schema, { idempotencyKey: input.idempotencyKey });
  const { panel } = actor;
  const tenantId = panel === null ? (reseller?.tenantId ?? PLATFORM_TENANT_ID) : actor.tenantId;
  const command: Closing = {
    ...keyed('closeReseller', actor, panel === null ? ['PLATFORM'] : ['OWNER'], input),
    tenantId,
    address,
    transferId: uuidv7(),
    panelId: reseller?.id ?? null,
  };
  try {
    const done = accepted(await postUnderPresentParent(ports, command));
    await announceClosed(ports, command);
    return done;
  } catch (error) {
    // Announced even if the COMMIT's outcome is unknown: an extra hint only causes a re-check.
    if (error instanceof Overloaded) await announceClosed(ports, command);
    throw error;
  }
}

type Closing = Omit<CloseReseller, 'parentId'>;

/** The ledger needs the parent in advance, to lock it. If the panel was moved meanwhile, this tries again with the new parent (R34). */
async function postUnderPresentParent(ports: Pick<Ports, 'ledger' | 'sql'>, closing: Closing): Promise<Outcome> {
  let position = await positionOf(ports, closing);
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await ports.ledger.post({ ...closing, parentId: position?.parentId ?? null });
    const maybeMoved = outcome.status === 'refused' && outcome.refusal instanceof InvalidState;
    if (!maybeMoved || attempt >= ATTEMPTS) return outcome;
    const now = await positionOf(ports, closing);
    if (now?.parentId === position?.parentId) return outcome;
    position = now;
  }
}

async function announceClosed(ports: Pick<Ports, 'sql' | 'announce'>, closing: Closing): Promise<void> {
  const position = await positionOf(ports, closing);
  if (position !== null) ports.announce({ kind: 'branch', tenantId: closing.tenantId, paths: [position.path] });
}

async function positionOf({ sql }: Pick<Ports, 'sql'>, { panelId, tenantId }: Closing): Promise<Position | null> {
  if (panelId === null) return null;
  const [position] = await sql<Position[]>`
    SELECT parent_id AS "parentId", path FROM reseller WHERE tenant_id = ${tenantId} AND id = ${panelId}`;
  return position ?? null;
}
