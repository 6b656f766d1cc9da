/** Finds the panel that an export is asked for. */

import { type Actor, isInBranch } from '../../kernel/actor.ts';
import { NotFound, PanelLocked } from '../../kernel/errors.ts';
import { isClosedByLock } from '../account/closed-by-lock.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { findPanels } from '../reseller/find-panels.ts';

/**
 * A panel of the viewer's branch, its own when no id is given; NotFound for any other (R18). `decode` says which panel an id names. Closed
 * to a locked panel.
 */
export async function askedPanel(
  ports: Pick<Ports, 'sql' | 'topology'>,
  actor: Actor,
  id: string | undefined,
  decode: (id: string) => RowId | null,
) {
  const { panel, tenantId } = actor;
  const own = panel && { tenantId, id: panel.id };
  if (own !== null && (await isClosedByLock(ports.sql, own))) throw new PanelLocked(own);
  const named = id ? decode(id) : own;
  const [place] = named === null ? [] : await findPanels(ports, [named]);
  if (!place || (panel !== null && !(place.tenantId === tenantId && isInBranch(panel.path, place.path)))) throw new NotFound();
  return place;
}
