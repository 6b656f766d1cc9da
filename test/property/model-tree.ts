/** The model of tenants, panels and transfers. */

import { MAX_CREDITS } from '../../src/kernel/credits.ts';
import { NO_LIMITS } from '../../src/kernel/limits.ts';
import type { TreeCommand } from '../../src/ledger/command.ts';
import {
  type Data,
  give,
  lineOf,
  type ModelPanel,
  overLimit,
  panelOf,
  policyOf,
  type Rules,
  spenderOf,
  take,
  timeOf,
  tooMuch,
  type Word,
} from './model-data.ts';

export const DEEPEST = 10;

/** The model of R13 to R17 and R36. */
export function treeRules(data: Data, command: TreeCommand): Rules {
  switch (command.kind) {
    case 'createTenant':
      return { words: [['ALREADY_EXISTS', data.emails.has(command.owner.email)]], deed: () => create(data, command, null) };
    case 'issueCredits':
      return issue(data, command);
    case 'createReseller':
      return createReseller(data, command);
    case 'transferCredits':
      return transfer(data, command);
    case 'reclaimCredits':
      return reclaim(data, command);
    case 'closeReseller':
      return close(data, command);
  }
}

type Of<Kind extends TreeCommand['kind']> = Extract<TreeCommand, { kind: Kind }>;

/** Credits enter the tenant. For an imported root the amount may be 0. */
export function issue(data: Data, { amount, tenantId, toId }: Pick<Of<'issueCredits'>, 'amount' | 'tenantId' | 'toId'>): Rules {
  const target = panelOf(data, tenantId, toId);
  const issued = (data.issued.get(tenantId) ?? 0) + amount;
  return {
    words: [
      ['NOT_FOUND', !target],
      ['INVALID_STATE', target?.closed === true || (target?.balance ?? 0) + amount > MAX_CREDITS || issued > MAX_CREDITS],
    ],
    deed: () => {
      data.issued.set(tenantId, issued);
      if (amount > 0) give(data, target, amount, timeOf(data, target));
    },
  };
}

function createReseller(data: Data, command: Of<'createReseller'>): Rules {
  const { panel, words } = spenderOf(data, command);
  return {
    words: [
      ['BELOW_MINIMUM', command.amount < policyOf(data, command.tenantId).minimumInitialCredits],
      ...words,
      ['INVALID_STATE', lineOf(data, panel).length > DEEPEST],
      overLimit(data, panel, { resellers: 1 }),
      ['ALREADY_EXISTS', data.emails.has(command.owner.email)],
      ...tooMuch(panel, command.amount, command.useReserve),
    ],
    deed: () => {
      const at = timeOf(data, panel);
      const child = create(data, command, command.scopeId);
      take(panel, command.amount, at);
      give(data, child, command.amount, at);
    },
  };
}

export function create(
  data: Data,
  { owner, resellerId: id, tenantId }: Pick<Of<'createTenant'>, 'owner' | 'resellerId' | 'tenantId'>,
  parentId: string | null,
): ModelPanel {
  const panel: ModelPanel = {
    ...{ tenantId, id, userId: owner.id, parentId, suspended: false, closed: false, keepsReserve: false, limits: NO_LIMITS },
    ...{ balance: 0, version: 0, debt: 0, changedAtMs: data.nowMs },
  };
  data.panels.push(panel);
  data.users.set(owner.id, { panelId: id, role: 'OWNER', disabled: false });
  data.emails.add(owner.email);
  return panel;
}

function transfer(data: Data, command: Of<'transferCredits'>): Rules {
  const { panel, words } = spenderOf(data, command);
  const target = panelOf(data, command.tenantId, command.toId);
  return {
    words: [
      ['BELOW_MINIMUM', command.amount < policyOf(data, command.tenantId).minimumTransfer],
      ...words,
      ...ofChild(data, panel, target),
      ...tooMuch(panel, command.amount, command.useReserve),
    ],
    deed: () => shift(data, panel, target, command.amount),
  };
}

function reclaim(data: Data, command: Of<'reclaimCredits'>): Rules {
  const { panel, words } = spenderOf(data, command);
  const target = panelOf(data, command.tenantId, command.fromId);
  return {
    words: [
      ...words,
      ...ofChild(data, panel, target),
      ['INVALID_STATE', !policyOf(data, command.tenantId).reclaimAllowed],
      ['INSUFFICIENT_CREDITS', (target?.balance ?? 0) < command.amount],
    ],
    deed: () => shift(data, target, panel, command.amount),
  };
}

function close(data: Data, command: Of<'closeReseller'>): Rules {
  const byPanel = command.scopeTenantId === command.tenantId;
  const acting = byPanel ? spenderOf(data, command) : { panel: undefined, words: [] };
  const target = panelOf(data, command.tenantId, command.panelId);
  const parent = panelOf(data, command.tenantId, target?.parentId ?? null);
  return {
    words: [
      ...acting.words,
      ['NOT_FOUND', !target || (acting.panel !== undefined && !lineOf(data, target).includes(acting.panel))],
      ['INVALID_STATE', target === acting.panel || target?.closed === true || (target?.parentId ?? null) !== command.parentId],
      ['INVALID_STATE', byPanel === (target?.parentId === null) || data.panels.some((one) => one.parentId === target?.id && !one.closed)],
      ['INVALID_STATE', (target?.debt ?? 0) > 0 || (!byPanel && (target?.balance ?? 0) > 0)],
    ],
    deed: () => {
      if (!target) return;
      for (const claim of data.claims) {
        if (claim.creditorId !== target.id || claim.owed === 0 || !parent) continue;
        // The parent inherits the claim and so would owe it to itself, which ends the debt.
        if (claim.debtorId === parent.id) {
          parent.debt -= claim.owed;
          claim.owed = 0;
        } else claim.creditorId = parent.id;
      }
      if (target.balance > 0) shift(data, target, parent, target.balance);
      target.closed = true;
      for (const customer of data.customers) {
        if (!parent || customer.panelId !== target.id) continue;
        customer.panelId = parent.id;
        customer.last = null;
      }
      for (const one of data.purchases) {
        if (one.buyerId === target.id && one.status === 'PENDING' && one.expiresAtMs > data.nowMs) one.status = 'CANCELED';
      }
    },
  };
}

function shift(data: Data, from: ModelPanel | undefined, to: ModelPanel | undefined, amount: number): void {
  const at = timeOf(data, from, to);
  take(from, amount, at);
  give(data, to, amount, at);
}

/** R14, R18. */
function ofChild(data: Data, panel: ModelPanel | undefined, target: ModelPanel | undefined): Word[] {
  return [
    ['NOT_FOUND', !target || !panel || !lineOf(data, target).includes(panel)],
    ['NOT_DIRECT_CHILD', target?.parentId !== panel?.id],
    ['INVALID_STATE', target?.closed === true],
  ];
}
