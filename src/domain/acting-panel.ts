/** Runs one transaction in which a panel, or the platform, changes a panel below it. */

import type { Transaction } from '../db/sql.ts';
import { type Actor, isInBranch, type Role } from '../kernel/actor.ts';
import { NotDirectChild, NotFound, Unauthenticated } from '../kernel/errors.ts';
import type { RowId } from './input.ts';
import type { Ports } from './ports.ts';
import { refuseActor, refusePlatformUser } from './refuse-actor.ts';
import { transact } from './transact.ts';

/** A panel's row, read inside the transaction. */
export interface PanelNow {
  readonly id: string;
  readonly parentId: string | null;
  readonly path: string;
  readonly depth: number;
  readonly name: string;
  readonly closed: boolean;
  /** Whether the panel itself is suspended, regardless of its ancestors. */
  readonly suspended: boolean;
  readonly suspendedBy: string | null;
  readonly inDebt: boolean;
  readonly reason: string | null;
}

/** Reads panels of the tenant by id, without any check of rights. */
export async function readPanels(
  tx: Transaction,
  tenantId: string,
  ids: readonly (string | null | undefined)[],
): Promise<Map<string, PanelNow>> {
  const wanted = `{${ids.filter((id) => id !== null && id !== undefined).join(',')}}`;
  const rows = await tx<PanelNow[]>`
    SELECT id, parent_id AS "parentId", path, depth, name, closed_at IS NOT NULL AS closed, suspended_at IS NOT NULL AS suspended,
      suspended_by AS "suspendedBy", in_debt AS "inDebt", suspension_reason AS reason
    FROM reseller WHERE tenant_id = ${tenantId} AND id = ANY (${wanted}::uuid[])`;
  return new Map(rows.map((row) => [row.id, row]));
}

export interface PanelTransaction {
  readonly actor: Actor;
  /** The id of the acting panel, which is the actor's own panel. */
  readonly panelId: string;
  readonly roles: readonly Role[];
  readonly target: RowId | null;
  /** Locks the tenant's row, so that no panel is created or moved meanwhile. */
  readonly holdsTree?: boolean;
}

/**
 * Runs one transaction of the acting panel on a panel of its branch, itself included. The transaction locks the target's account,
 * as every posting on that account does. So no posting overlaps with it, and the next one sees its changes. The target's row of
 * `reseller` is locked only after the account: closing a panel and recording its debt use the same order.
 */
export function transactOnPanel<Result extends object>(
  ports: Pick<Ports, 'sql'>,
  { actor, panelId, roles, target, holdsTree = false }: PanelTransaction,
  work: (tx: Transaction, own: PanelNow, target: PanelNow) => Promise<Result>,
): Promise<Result> {
  const { tenantId } = actor;
  return transact(ports, async (tx) => {
    // Before the account: see ADR-0004.
    if (holdsTree) await tx`SELECT FROM tenant WHERE id = ${tenantId} FOR NO KEY UPDATE`;
    if (target) await tx`SELECT FROM account WHERE tenant_id = ${tenantId} AND id = ${target.id} FOR NO KEY UPDATE`;
    await refuseActor(tx, actor, panelId, roles);
    const panels = await readPanels(tx, tenantId, [panelId, target?.id]);
    const [own, found] = [panels.get(panelId), panels.get(target?.id ?? '')];
    if (!own) throw new Unauthenticated('The session has ended.');
    if (!found || !isInBranch(own.path, found.path)) throw new NotFound();
    return work(tx, own, found);
  });
}

/** Runs one transaction of a platform user on a root panel. On any other panel it throws NotDirectChild; `what` completes its message. */
export function transactOnRoot<Result extends object>(
  ports: Pick<Ports, 'sql'>,
  actor: Actor,
  target: RowId | null,
  what: string,
  work: (tx: Transaction, root: PanelNow) => Promise<Result>,
): Promise<Result> {
  return transact(ports, async (tx) => {
    if (target) await tx`SELECT FROM account WHERE tenant_id = ${target.tenantId} AND id = ${target.id} FOR NO KEY UPDATE`;
    await refusePlatformUser(tx, actor, ['PLATFORM']);
    const root = target && (await readPanels(tx, target.tenantId, [target.id])).get(target.id);
    if (!root) throw new NotFound();
    if (root.parentId !== null) throw new NotDirectChild(`The platform ${what} of root panels only.`);
    return work(tx, root);
  });
}
