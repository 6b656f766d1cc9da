/** One transaction of a panel, or of the platform, on a panel below it. */

import type { Transaction } from '../db/sql.ts';
import { type Actor, isInBranch, type Role } from '../kernel/actor.ts';
import { NotDirectChild, NotFound, Unauthenticated } from '../kernel/errors.ts';
import type { RowId } from './input.ts';
import type { Ports } from './ports.ts';
import { transact } from './transact.ts';
import { refuseActor, refusePlatformUser } from './who-acts.ts';

/** A panel as it is now. */
export interface PanelNow {
  readonly id: string;
  readonly parentId: string | null;
  readonly path: string;
  readonly depth: number;
  readonly name: string;
  readonly closed: boolean;
  /** Itself, whatever its ancestors are. */
  readonly suspended: boolean;
  readonly suspendedBy: string | null;
  readonly inDebt: boolean;
  readonly reason: string | null;
}

/** By id; whoever's they are. */
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

export interface Care {
  readonly actor: Actor;
  /** The acting panel's id: `actor`'s own. */
  readonly panelId: string;
  readonly roles: readonly Role[];
  readonly target: RowId | null;
  /** No panel is made, moved or closed meanwhile. */
  readonly holdsTree?: boolean;
}

/**
 * One transaction of the acting panel on a panel of its branch, itself included. It holds the target's account, as everything
 * does that spends or receives there: no posting on it overlaps with this one, and the next sees what it changed. Its row of
 * `reseller` is only taken after that, as closing a panel and recording its debt do.
 */
export function takeCare<Result extends object>(
  ports: Pick<Ports, 'sql'>,
  { actor, panelId, roles, target, holdsTree = false }: Care,
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

/** The same of the platform's user on a root panel; what `what` names it does to no other. */
export function takeCareOfRoot<Result extends object>(
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
