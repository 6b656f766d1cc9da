/** The use case moveReseller: puts a branch under another panel (R16). */

import { isLockTimeout, retryTransient } from '../../db/retry.ts';
import { ADMIN_LOCK_TIMEOUT_MS } from '../../db/session-settings.ts';
import { setLocal } from '../../db/set-local.ts';
import type { Transaction } from '../../db/sql.ts';
import { type Acting, type Actor, branchEnd, isInBranch, type Role } from '../../kernel/actor.ts';
import { InvalidState, NotFound, Overloaded, Unauthenticated } from '../../kernel/errors.ts';
import { MAX_DEPTH } from '../../ledger/rules/tree.ts';
import type { TransactionIdentity } from '../../ledger/statements/write-text.ts';
import { type PanelNow, readPanels } from '../acting-panel.ts';
import { recordAudit } from '../audit/record.ts';
import { type RowId, requirePanel } from '../input.ts';
import type { Ports } from '../ports.ts';
import { refuseActor } from '../refuse-actor.ts';
import { type LimitedPlace, limitsOnPath } from './limits-on-path.ts';
import { refuseTighter } from './refuse-tighter.ts';

export const MOVE_ROLES: readonly Role[] = ['OWNER'];

/** A move rewrites the path of every panel below: 100,000 panels take seconds. */
const MOVE_TIMEOUT_MS = 60_000;
const ATTEMPTS = 5;

export interface Moved extends RowId {
  /** Pending purchases from the old parent that the move cancels. */
  readonly canceledPurchases: number;
}

/**
 * Moves a panel, with everything below it, under another panel of the acting panel's branch (R16). History and balances stay.
 * Unpaid purchases from the old parent are canceled. `dryRun` makes all checks, counts those purchases and changes nothing.
 * Creating a panel and moving one both lock the tenant's row, so no new path is built from one that is being rewritten.
 */
export async function moveReseller(
  ports: Pick<Ports, 'sql' | 'announce'>,
  { actor, address }: Acting,
  reseller: RowId | null,
  newParent: RowId | null,
  dryRun: boolean,
): Promise<Moved> {
  const panel = requirePanel(actor, MOVE_ROLES);
  const move = () =>
    // The isolation level is explicit, whatever the database's default is: a read after the locks must see the commits they waited for.
    ports.sql.begin('ISOLATION LEVEL READ COMMITTED', async (tx) => {
      const { held, tighter } = await lockTree(tx, actor, reseller, newParent);
      await refuseActor(tx, actor, panel.id, MOVE_ROLES);
      const rows = await readPanels(tx, actor.tenantId, [panel.id, reseller?.id, newParent?.id]);
      const [own, moved, parent] = [rows.get(panel.id), rows.get(reseller?.id ?? ''), rows.get(newParent?.id ?? '')];
      if (!own) throw new Unauthenticated('The session has ended.');
      if (!moved || !isInBranch(own.path, moved.path) || !parent || !isInBranch(own.path, parent.path)) throw new NotFound();
      await refuseMove(tx, actor.tenantId, own, moved, parent);
      await refuseTighter(tx, actor.tenantId, moved, tighter);
      const path = parent.path + moved.path.slice(moved.path.lastIndexOf('.', moved.path.length - 2) + 1);
      const canceledPurchases = path === moved.path ? 0 : await countOrders(tx, actor.tenantId, moved);
      if (!dryRun && path !== moved.path) {
        paths = [moved.path, path];
        await rewrite(tx, actor.tenantId, held, moved, parent, path);
        await endOrders(tx, actor.tenantId, moved);
        await record(tx, actor, address, moved, parent);
      }
      return { tenantId: actor.tenantId, id: moved.id, canceledPurchases };
    });
  let paths: readonly string[] = [];
  try {
    return await retryTransient(move, { attempts: ATTEMPTS });
  } catch (error) {
    if (isLockTimeout(error)) throw new Overloaded(Math.ceil(ADMIN_LOCK_TIMEOUT_MS / 1000));
    throw error;
  } finally {
    // Announced even if the COMMIT's outcome is unknown: an extra hint only causes a re-check.
    if (paths.length > 0) ports.announce({ kind: 'branch', tenantId: actor.tenantId, paths });
  }
}

interface HeldTree {
  readonly held: TransactionIdentity;
  /** Limited panels above the new position that are not above the old one (R56). */
  readonly tighter: readonly LimitedPlace[];
}

/**
 * Locks the tenant's row, then the moved panel's account, so that no transfer to the panel is decided by its old parent. If limits
 * apply at the new position, it also locks the accounts of the limited panels and of the whole branch, so that their counts stay true.
 */
async function lockTree(tx: Transaction, actor: Actor, reseller: RowId | null, newParent: RowId | null): Promise<HeldTree> {
  await setLocal(tx, { statement_timeout: MOVE_TIMEOUT_MS, lock_timeout: ADMIN_LOCK_TIMEOUT_MS });
  const [held] = await tx<TransactionIdentity[]>`
    SELECT pg_backend_pid() AS pid, pg_current_xact_id()::text AS xid FROM tenant WHERE id = ${actor.tenantId} FOR NO KEY UPDATE`;
  if (!held) throw new Unauthenticated('The session has ended.');
  const tighter = reseller && newParent ? await tighterLimits(tx, actor.tenantId, reseller, newParent) : [];
  const limited = `{${tighter.map(({ id }) => id).join(',')}}`;
  if (reseller && tighter.length === 0) {
    await tx`SELECT id FROM account WHERE tenant_id = ${actor.tenantId} AND id = ${reseller.id} FOR NO KEY UPDATE`;
  } else if (reseller) {
    await tx`
      SELECT id FROM account
      WHERE tenant_id = ${actor.tenantId} AND (id = ANY (${limited}::uuid[]) OR id = ANY (ARRAY(
        SELECT below.id FROM reseller moved
        JOIN reseller below ON below.tenant_id = moved.tenant_id AND below.path >= moved.path AND below.path < left(moved.path, -1) || '/'
        WHERE moved.tenant_id = ${actor.tenantId} AND moved.id = ${reseller.id})))
      ORDER BY id FOR NO KEY UPDATE`;
  }
  return { held, tighter };
}

/** The tenant's row is locked by now, so the tree and its limits cannot change. */
async function tighterLimits(tx: Transaction, tenantId: string, reseller: RowId, newParent: RowId): Promise<readonly LimitedPlace[]> {
  const limited = await limitsOnPath(tx, tenantId, newParent.id);
  if (limited.length === 0) return limited;
  const old = new Set((await limitsOnPath(tx, tenantId, reseller.id)).map(({ id }) => id));
  return limited.filter(({ id }) => !old.has(id));
}

async function refuseMove(tx: Transaction, tenantId: string, own: PanelNow, moved: PanelNow, parent: PanelNow): Promise<void> {
  if (moved.id === own.id) throw new InvalidState('A panel cannot move itself: a panel above it moves it.');
  if (moved.closed || parent.closed) throw new InvalidState('A closed panel cannot be moved, and cannot get children.');
  if (isInBranch(moved.path, parent.path)) throw new InvalidState('A panel cannot be moved below itself.');
  const [deepest] = await tx<{ depth: number }[]>`
    SELECT max(depth)::integer AS depth FROM reseller
    WHERE tenant_id = ${tenantId} AND path >= ${moved.path} AND path < ${branchEnd(moved.path)}`;
  const levels = (deepest?.depth ?? moved.depth) - moved.depth;
  if (parent.depth + 1 + levels > MAX_DEPTH) throw new InvalidState(`A tree has at most ${MAX_DEPTH} levels below its root.`);
}

/** Counts the purchases that `endOrders` would cancel. A purchase past its time is EXPIRED, and stays so. */
async function countOrders(tx: Transaction, tenantId: string, { id }: PanelNow): Promise<number> {
  const [row] = await tx<{ orders: number }[]>`
    SELECT count(*)::integer AS orders FROM purchase
    WHERE tenant_id = ${tenantId} AND buyer_id = ${id} AND seller_id IS NOT NULL AND status = 'PENDING' AND expires_at > clock_timestamp()`;
  return row?.orders ?? 0;
}

/** The new parent must not sell what was ordered from the old one. The lock on the panel's account keeps its purchases unchanged. */
async function endOrders(tx: Transaction, tenantId: string, { id }: PanelNow): Promise<void> {
  await tx`
    UPDATE purchase SET status = 'CANCELED'
    WHERE tenant_id = ${tenantId} AND buyer_id = ${id} AND seller_id IS NOT NULL AND status = 'PENDING' AND expires_at > statement_timestamp()`;
}

/** The guard is evaluated with the tenant's row, so that in a distributed database it runs on the node that has the locks. */
async function rewrite(
  tx: Transaction,
  tenantId: string,
  held: TransactionIdentity,
  moved: PanelNow,
  parent: PanelNow,
  path: string,
): Promise<void> {
  await tx`
    UPDATE reseller
    SET path = ${path} || substr(path, ${moved.path.length + 1}::integer),
      depth = depth + ${parent.depth + 1 - moved.depth}::integer,
      parent_id = CASE WHEN id = ${moved.id} THEN ${parent.id}::uuid ELSE parent_id END
    WHERE tenant_id = ${tenantId} AND path >= ${moved.path} AND path < ${branchEnd(moved.path)}
      AND (SELECT assert_same_transaction(${held.pid}::integer, ${held.xid}::xid8) FROM tenant WHERE id = ${tenantId})`;
}

/** The entry is in the acting panel's log, because the moved panel must not read the names of panels above it. */
async function record(tx: Transaction, actor: Actor, address: string | null, moved: PanelNow, parent: PanelNow): Promise<void> {
  const { tenantId, userId, panel } = actor;
  const before = (await readPanels(tx, tenantId, [moved.parentId])).get(moved.parentId ?? '')?.name ?? null;
  const changes = [{ field: 'parent', before, after: parent.name }];
  const entry = { tenantId, resellerId: panel?.id ?? null, actorId: userId, address, subject: moved.name, changes };
  await recordAudit(tx, { ...entry, action: 'RESELLER_MOVED' });
}
