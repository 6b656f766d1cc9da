/** Makes commands that create, fund, empty and close tenants and panels. */

import { uuidv7 } from '../../../src/kernel/uuid.ts';
import type { Command } from '../../../src/ledger/command.ts';
import type { Draft } from '../drafts.ts';
import type { ModelPanel } from '../model-data.ts';
import { type Drawing, usesReserve } from './drawing.ts';

export function ofTree(drawing: Drawing, draft: Draft, drawn: ModelPanel): Command {
  const { pick } = draft;
  const isLeaf = draft.target === 'child' && draft.kind !== 'create' && drawing.model.childrenOf(drawn).length === 0;
  const panel = (isLeaf && drawing.model.panel(drawn.parentId)) || drawn;
  // Usually a panel in debt gets the credits: there are few, and a debt ends in no other way.
  const debtors = draft.kind === 'issue' && draft.rightful ? debtorsIn(drawing) : [];
  const target = debtors[draft.pick % Math.max(1, debtors.length)] ?? drawing.target(draft, panel);
  const [toId, amount, transferId] = [target?.id ?? null, drawing.amount(draft, panel), uuidv7()];
  const parentId = drawing.model.panel(toId)?.parentId ?? null;
  switch (draft.kind) {
    case 'issue':
      return {
        ...drawing.byPlatform(draft, target?.tenantId ?? panel.tenantId, ['issue', toId, amount]),
        kind: 'issueCredits',
        transferId,
        toId,
        amount,
        memo: null,
      };
    case 'platformClose':
      return {
        ...drawing.byPlatform(draft, target?.tenantId ?? panel.tenantId, ['close', toId]),
        kind: 'closeReseller',
        transferId,
        panelId: toId,
        parentId,
        address: null,
      };
    case 'close':
      return {
        ...drawing.byPanel(draft, panel, ['close', toId]),
        kind: 'closeReseller',
        transferId,
        panelId: toId,
        parentId: draft.rightful ? parentId : panel.id,
        address: null,
      };
    case 'create': {
      const common = { ...drawing.byPanel(draft, panel, ['create', pick, amount]), kind: 'createReseller', transferId } as const;
      return {
        ...common,
        resellerId: uuidv7(),
        name: 'Panel "with, {text}\\',
        owner: drawing.owner(draft),
        amount,
        useReserve: usesReserve(draft),
      };
    }
    case 'reclaim': {
      const common = drawing.byPanel(draft, panel, ['reclaim', toId, amount]);
      const wanted = typeof draft.amount === 'number' ? amount : drawing.amount(draft, drawing.model.panel(toId) ?? panel);
      return { ...common, kind: 'reclaimCredits', transferId, fromId: toId, amount: wanted, memo: 'a reason' };
    }
    default:
      return {
        ...drawing.byPanel(draft, panel, ['transfer', toId, amount]),
        kind: 'transferCredits',
        transferId,
        toId,
        amount,
        memo: 'a "memo", {with} \\ NULL',
        useReserve: usesReserve(draft),
      };
  }
}

export function ofTenant(drawing: Drawing, draft: Draft): Command {
  const id = uuidv7();
  const common = drawing.byPlatform(draft, id, ['tenant', draft.pick % 2]);
  return { ...common, kind: 'createTenant', resellerId: id, name: 'Root', owner: drawing.owner(draft) };
}

/** The panels that owe to another panel, if any; they are rare. */
function debtorsIn(drawing: Drawing): readonly ModelPanel[] {
  const { claims } = drawing.model.data;
  const debtors = drawing.model.panels.filter(({ debt }) => debt > 0);
  const ofPanels = debtors.filter(({ id }) => claims.some(({ creditorId, debtorId, owed }) => debtorId === id && creditorId && owed > 0));
  return ofPanels.length > 0 ? ofPanels : debtors;
}
