/** Makes the commands for the rows of an imported file. */

import { uuidv7 } from '../../../src/kernel/uuid.ts';
import type { Command } from '../../../src/ledger/command.ts';
import type { Draft } from '../drafts.ts';
import type { ModelPanel } from '../model-data.ts';
import { type Drawing, detailsOf, keyOf } from './drawing.ts';

const HOUR_MS = 3_600_000;
const PERIOD_MS = 720 * HOUR_MS;

/** The external id alone decides the key and the hash, whatever else the row contains. */
export function ofImport(drawing: Drawing, draft: Draft, panel: ModelPanel): Command {
  const { contact, periods, pick } = draft;
  const tenantId = panel.tenantId;
  const externalId = `${draft.kind} ${tenantId} ${keyOf(draft)}`;
  const by = drawing.byPlatform(draft, tenantId, [externalId]);
  const row = { ...by, key: externalId, importId: tenantId, source: 'elsewhere', externalId };
  const parentId = draft.target === 'unknown' ? uuidv7() : panel.id;
  const coming = { transferId: uuidv7(), amount: pick % 4 === 0 ? 0 : drawing.amount(draft, panel), login: null };
  if (draft.kind === 'importRoot') return { ...row, ...coming, kind: 'importRoot', rowId: uuidv7() };
  if (draft.kind === 'importPanel')
    return { ...row, ...coming, kind: 'importReseller', resellerId: uuidv7(), parentId, name: 'Panel', owner: drawing.owner(draft) };
  const standing = (['PAID', 'PAID', 'PAID', 'TRIAL', 'CANCELED'] as const)[contact % 5] ?? 'PAID';
  const screens = standing === 'TRIAL' ? 1 : draft.screens;
  const isOver = pick % 5 === 0;
  const endsInMs = isOver ? -draft.hours * HOUR_MS : periods * PERIOD_MS - draft.hours * HOUR_MS;
  const later = screens === 1 ? 2 : screens - 1;
  const isChanging = standing !== 'TRIAL' && !isOver && periods > 1 && pick % 2 === 0;
  return {
    ...row,
    kind: 'importCustomer',
    customerId: uuidv7(),
    resellerId: parentId,
    details: detailsOf(contact % 2 === 0 ? `+5511 ${contact}` : null),
    access: null,
    expiresAtMs: drawing.model.data.nowMs + endsInMs,
    screens,
    laterSpans: isChanging ? [{ screens: later, periods: periods - 1 }] : [],
    nextScreens: standing === 'TRIAL' ? 1 : 1 + (contact % screens),
    standing,
  };
}
