/** The model of imports. */

import { MAX_CREDITS } from '../../src/kernel/credits.ts';
import type { Command } from '../../src/ledger/command.ts';
import { type Data, give, lineOf, type ModelCustomer, panelOf, type Rules, timeOf } from './model-data.ts';
import { served } from './model-service.ts';
import { create, DEEPEST, issue } from './model-tree.ts';

const THIRTY_DAYS = 30 * 24 * 60 * 60 * 1000;

type Of<Kind extends Command['kind']> = Extract<Command, { kind: Kind }>;

/**
 * The model of R55: an import issues credits despite limits, minimums and suspensions, and imported time was paid for
 * elsewhere.
 */
export function importRules(data: Data, command: Of<'importRoot' | 'importReseller' | 'importCustomer'>): Rules {
  switch (command.kind) {
    case 'importRoot':
      return issue(data, { ...command, toId: command.tenantId });
    case 'importReseller':
      return reseller(data, command);
    case 'importCustomer':
      return customer(data, command);
  }
}

function reseller(data: Data, command: Of<'importReseller'>): Rules {
  const { amount, owner, parentId, tenantId } = command;
  const parent = panelOf(data, tenantId, parentId);
  const issued = (data.issued.get(tenantId) ?? 0) + amount;
  return {
    words: [
      ['NOT_FOUND', !parent],
      ['INVALID_STATE', parent?.closed === true || lineOf(data, parent).length > DEEPEST],
      ['ALREADY_EXISTS', data.emails.has(owner.email)],
      ['INVALID_STATE', issued > MAX_CREDITS],
    ],
    deed: () => {
      const child = create(data, command, parentId);
      child.changedAtMs = timeOf(data, parent);
      data.issued.set(tenantId, issued);
      if (amount > 0) give(data, child, amount, child.changedAtMs);
    },
  };
}

function customer(data: Data, command: Of<'importCustomer'>): Rules {
  const { customerId: id, details, expiresAtMs, nextScreens, resellerId: panelId, standing, tenantId } = command;
  const panel = panelOf(data, tenantId, panelId);
  return {
    words: [
      ['NOT_FOUND', !panel],
      ['INVALID_STATE', panel?.closed === true],
    ],
    deed: () => {
      const spans = spansOfImport(command);
      const trial = standing === 'TRIAL';
      const broughtMs = trial ? 0 : served(spans, data.nowMs, Number.POSITIVE_INFINITY);
      const bought = { spent: 0, last: null, forgivenMs: 0, broughtMs };
      data.customers.push({ tenantId, id, panelId, spans, nextScreens, trial, canceled: standing === 'CANCELED', expiresAtMs, ...bought });
      if (!trial && details.contactKey) data.activated.push({ tenantId, contact: details.contactKey });
    },
  };
}

/** Backwards from the end, by whole periods. */
export function spansOfImport({ expiresAtMs, laterSpans, screens }: Of<'importCustomer'>): ModelCustomer['spans'] {
  const spans: ModelCustomer['spans'] = [];
  let endsAtMs = expiresAtMs;
  for (const span of laterSpans.toReversed()) {
    spans.unshift({ screens: span.screens, endsAtMs });
    endsAtMs -= span.periods * THIRTY_DAYS;
  }
  return [{ screens, endsAtMs }, ...spans];
}
