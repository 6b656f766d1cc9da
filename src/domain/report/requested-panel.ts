/** Finds the panel that an export is about. */

import { type Actor, isInBranch } from '../../kernel/actor.ts';
import { NotFound, PanelLocked } from '../../kernel/errors.ts';
import { isClosedByLock } from '../account/closed-by-lock.ts';
import type { RowId } from '../input.ts';
import type { Ports } from '../ports.ts';
import { findPanels } from '../reseller/find-panels.ts';

/**
 * Returns a panel of the viewer's branch, or the viewer's own panel if no id is given. Throws NotFound for any other (R18), and
 * PanelLocked if the viewer's panel is restricted by its lock. `decode` returns the panel that an id names.
 */
export async function requestedPanel(
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
