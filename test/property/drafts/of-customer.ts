/** Makes commands on customers, and undos of the last one. */

import { uuidv7 } from '../../../src/kernel/uuid.ts';
import type { Command } from '../../../src/ledger/command.ts';
import type { Draft } from '../drafts.ts';
import type { ModelPanel } from '../model-data.ts';
import { type Drawing, detailsOf, usesReserve } from './drawing.ts';

export function ofCustomer(drawing: Drawing, draft: Draft, anybody: ModelPanel): Command {
  if (draft.kind === 'undo') return undoOf(drawing, draft, anybody);
  const { hours, periods, screens } = draft;
  const useReserve = usesReserve(draft);
  const { customers } = drawing.model.data;
  const among = draft.subject === 'own' ? customers : customers.filter(({ tenantId }) => tenantId === anybody.tenantId);
  const customerId = drawing.subject(draft, among);
  const owner = customers.find(({ id }) => id === customerId)?.panelId;
  const isNew = draft.kind === 'newCustomer' || draft.kind === 'trial';
  const panel = (draft.subject === 'own' && !isNew && owner && drawing.model.panel(owner)) || anybody;
  const transferId = uuidv7();
  const by = (...input: readonly unknown[]) => drawing.byPanel(draft, panel, [draft.kind, ...input]);
  switch (draft.kind) {
    case 'newCustomer':
      return {
        ...by(draft.pick, periods, screens),
        kind: 'activateCustomer',
        transferId,
        customerId: uuidv7(),
        details: detailsOf(draft.contact % 2 === 0 ? `+5511 ${draft.contact}` : null),
        periods,
        screens,
        useReserve,
      };
    case 'activate':
      return {
        ...by(customerId, periods, screens),
        kind: 'activateCustomer',
        transferId,
        customerId,
        details: null,
        periods,
        screens,
        useReserve,
      };
    case 'renew':
      return { ...by(customerId, periods), kind: 'renewCustomer', transferId, customerId, periods, useReserve };
    case 'screens':
      return { ...by(customerId, screens), kind: 'addScreens', transferId, customerId, screens, useReserve };
    case 'cancel':
      return { ...by(customerId), kind: 'cancelCustomer', transferId, customerId };
    default: {
      const contact = `+5511 ${draft.contact}`;
      return {
        ...by(contact, hours),
        kind: 'startTrial',
        customerId: uuidv7(),
        details: { ...detailsOf(contact), contact, contactKey: contact },
        hours,
      };
    }
  }
}

/** Usually undoes the newest spend, as the panel that made it. */
function undoOf(drawing: Drawing, draft: Draft, anybody: ModelPanel): Command {
  const { customers, spendings } = drawing.model.data;
  const made = spendings.filter(
    ({ customerId, id }) => !draft.rightful || customers.some((it) => it.id === customerId && it.last?.id === id),
  );
  const picked = draft.subject === 'unknown' ? undefined : made.at(-1 - (draft.pick % Math.max(1, Math.min(made.length, 4))));
  const panel = (draft.subject !== 'any' && picked && drawing.model.panel(picked.panelId)) || anybody;
  const spending = picked?.panelId === panel.id ? picked : undefined;
  return {
    ...drawing.byPanel(draft, panel, ['undo', picked?.id]),
    kind: 'undoSpending',
    transferId: uuidv7(),
    customerId: spending?.customerId ?? null,
    spending: spending ? { transferId: spending.id, amount: spending.amount, createdAtMs: spending.atMs } : null,
  };
}
