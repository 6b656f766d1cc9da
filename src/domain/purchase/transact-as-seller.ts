/** Runs one transaction of a seller on its own prices and settings. */

import type { Transaction } from '../../db/sql.ts';
import { type Actor, PLATFORM_TENANT_ID, type Role } from '../../kernel/actor.ts';
import { requireRole } from '../input.ts';
import type { Ports } from '../ports.ts';
import { refusePlatformUser } from '../refuse-actor.ts';
import { transact, transactAsOwner } from '../transact.ts';

/** These transactions of one seller run one after another, under a lock. The actor's rights are checked again under it. */
export function transactAsSeller<Result extends object>(
  ports: Pick<Ports, 'sql'>,
  actor: Actor,
  roles: readonly Role[],
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  requireRole(actor, roles);
  if (actor.panel !== null) return transactAsOwner(ports, actor, actor.panel, work);
  return transact(ports, async (tx) => {
    await tx`SELECT FROM tenant WHERE id = ${PLATFORM_TENANT_ID} FOR NO KEY UPDATE`;
    await refusePlatformUser(tx, actor, roles);
    return work(tx);
  });
}
