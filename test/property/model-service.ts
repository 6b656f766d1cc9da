/** The model of customers and their terms. */

import type { Command, CustomerCommand } from '../../src/ledger/command.ts';
import {
  type Data,
  give,
  isActive,
  type ModelCustomer,
  type ModelPanel,
  type ModelPayment,
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

/** 30 × 24 h. */
const THIRTY_DAYS = 30 * 24 * 60 * 60 * 1000;
const DAY = 24 * 60 * 60 * 1000;

type Of<Kind extends CustomerCommand['kind']> = Extract<CustomerCommand, { kind: Kind }>;

const KINDS: readonly Command['kind'][] = [
  ...(['activateCustomer', 'renewCustomer', 'addScreens', 'undoSpending', 'cancelCustomer', 'startTrial'] as const),
];

export function isOfService(command: Command): command is CustomerCommand {
  return KINDS.includes(command.kind);
}

/** The model of R19 to R25. */
export function serviceRules(data: Data, command: CustomerCommand): Rules {
  const { panel, words } = spenderOf(data, command);
  const at = timeOf(data, panel);
  if (command.kind === 'undoSpending') return undo(data, command, panel, at);
  if (command.kind === 'startTrial') return trial(data, command, words, at);
  if (command.kind === 'activateCustomer' && command.details) return activateNew(data, command, panel, words, at);
  const customer = data.customers.find(({ id, panelId }) => id === command.customerId && panelId === command.scopeId);
  const found: Word[] = [...words, ['NOT_FOUND', !customer]];
  // The rules for a missing customer are never used, because NOT_FOUND comes first.
  const it = customer ?? newCustomer(command.tenantId, '', command.scopeId, at);
  switch (command.kind) {
    case 'activateCustomer':
      return activate(data, it, command, panel, found, at);
    case 'renewCustomer':
      return renew(data, it, command, panel, found, at);
    case 'addScreens':
      return addScreens(data, it, command, panel, found, at);
    case 'cancelCustomer':
      return cancel(data, it, panel, found, at);
  }
}

function newCustomer(tenantId: string, id: string, panelId: string, atMs: number): ModelCustomer {
  const spans = [{ screens: 1, endsAtMs: atMs }];
  return {
    tenantId,
    id,
    panelId,
    spans,
    nextScreens: 1,
    trial: true,
    canceled: false,
    expiresAtMs: atMs,
    spent: 0,
    last: null,
    forgivenMs: 0,
    broughtMs: 0,
  };
}

function activateNew(
  data: Data,
  command: Of<'activateCustomer'>,
  panel: ModelPanel | undefined,
  words: readonly Word[],
  at: number,
): Rules {
  const customer = newCustomer(command.tenantId, command.customerId ?? '', command.scopeId, at);
  const { words: all, deed } = activate(data, customer, command, panel, words, at);
  return {
    words: all,
    deed: () => {
      deed();
      if (customer.last) customer.last = { ...customer.last, before: null };
      data.customers.push(customer);
      const contact = command.details?.contactKey;
      if (contact) data.activated.push({ tenantId: command.tenantId, contact });
    },
  };
}

function activate(
  data: Data,
  it: ModelCustomer,
  command: Pick<Of<'activateCustomer'>, 'scopeId' | 'transferId' | 'periods' | 'screens' | 'useReserve'>,
  panel: ModelPanel | undefined,
  words: readonly Word[],
  at: number,
): Rules {
  const { periods, screens } = command;
  return {
    words: [
      ...words,
      ['INVALID_STATE', !it.trial && it.expiresAtMs > at],
      overLimit(data, panel, { customers: 1, screens }),
      ...tooMuch(panel, periods * screens, command.useReserve),
    ],
    deed: () => {
      remember(data, it, command, periods * screens, at);
      it.expiresAtMs = at + periods * THIRTY_DAYS;
      it.spans = [{ screens, endsAtMs: it.expiresAtMs }];
      it.nextScreens = screens;
      pay(it, panel, periods * screens, at);
    },
  };
}

function renew(
  data: Data,
  it: ModelCustomer,
  command: Pick<Of<'renewCustomer'>, 'scopeId' | 'transferId' | 'periods' | 'useReserve'>,
  panel: ModelPanel | undefined,
  words: readonly Word[],
  at: number,
  next = it.nextScreens,
): Rules {
  const { periods } = command;
  const had = isActive(data, it) ? Math.max(it.nextScreens, ...screensLeft(it, at)) : 0;
  const screens = Math.max(next, ...screensLeft(it, at));
  const ends = Math.max(it.expiresAtMs, at) + periods * THIRTY_DAYS;
  return {
    words: [
      ...words,
      ['INVALID_STATE', it.trial || ends - at > 36 * THIRTY_DAYS],
      // A customer with active service is already counted, with its screens.
      overLimit(data, panel, { customers: isActive(data, it) ? 0 : 1, screens: screens > had ? screens : 0 }),
      ...tooMuch(panel, periods * next, command.useReserve),
    ],
    deed: () => {
      remember(data, it, command, periods * next, at);
      it.nextScreens = next;
      it.expiresAtMs = ends;
      it.spans = [...spansLeft(it, at), { screens: it.nextScreens, endsAtMs: ends }];
      pay(it, panel, periods * it.nextScreens, at);
    },
  };
}

function addScreens(
  data: Data,
  it: ModelCustomer,
  command: Of<'addScreens'>,
  panel: ModelPanel | undefined,
  words: readonly Word[],
  at: number,
): Rules {
  const { screens } = command;
  // Every period that begins before the service ends is paid for in full.
  let begun = 0;
  while (at + begun * THIRTY_DAYS < it.expiresAtMs) begun += 1;
  return {
    words: [
      ...words,
      ['INVALID_STATE', it.trial || it.canceled || begun === 0 || spansLeft(it, at).some((span) => span.screens + screens > 1000)],
      ['INVALID_STATE', it.nextScreens + screens > 1000],
      overLimit(data, panel, { screens: screens + Math.max(it.nextScreens, ...screensLeft(it, at)) }),
      ...tooMuch(panel, screens * begun, command.useReserve),
    ],
    deed: () => {
      remember(data, it, command, screens * begun, at);
      it.spans = spansLeft(it, at).map((span) => ({ ...span, screens: span.screens + screens }));
      it.nextScreens += screens;
      pay(it, panel, screens * begun, at);
    },
  };
}

/** The effect of a payment: the first term of a trial, or a renewal with the payment's screens (R54). */
export function paidRenewal(data: Data, payment: ModelPayment): Rules {
  const { customerId, id: transferId, panelId: scopeId, periods, screens, tenantId } = payment;
  const { panel, words } = spenderOf(data, { tenantId, scopeId });
  const at = timeOf(data, panel);
  const it = data.customers.find((one) => one.id === customerId && one.panelId === scopeId);
  const found: Word[] = [...words, ['NOT_FOUND', !it]];
  if (!it) return { words: found, deed: () => undefined };
  const paid = { scopeId, transferId, periods, screens, useReserve: false };
  if (it.trial) return activate(data, it, paid, panel, found, at);
  return renew(data, it, paid, panel, found, at, screens);
}

/** Remembers the state to restore if the spend is undone. */
function remember(
  data: Data,
  it: ModelCustomer,
  { scopeId: panelId, transferId: id }: Pick<Of<'renewCustomer'>, 'scopeId' | 'transferId'>,
  amount: number,
  atMs: number,
): void {
  const { canceled, expiresAtMs, nextScreens, spans, trial } = it;
  it.last = { id, before: structuredClone({ canceled, expiresAtMs, nextScreens, spans, trial }) };
  data.spendings.push({ tenantId: it.tenantId, id, panelId, customerId: it.id, amount, atMs });
}

/** R45: a locked or suspended panel may undo too. */
function undo(data: Data, command: Of<'undoSpending'>, panel: ModelPanel | undefined, at: number): Rules {
  const spending = data.spendings.find(({ id, panelId }) => id === command.spending?.transferId && panelId === command.scopeId);
  const it = data.customers.find(({ id, panelId }) => id === spending?.customerId && panelId === command.scopeId);
  const { undoMinutes } = policyOf(data, command.tenantId);
  const undone = data.undone.filter(({ atMs, panelId }) => panelId === command.scopeId && atMs > data.nowMs - DAY);
  return {
    words: [
      ['NOT_FOUND', !spending || !it],
      ['INVALID_STATE', it?.last?.id !== spending?.id],
      ['INVALID_STATE', undoMinutes === 0 || at - (command.spending?.createdAtMs ?? 0) > undoMinutes * 60_000],
      ['LIMIT_REACHED', undone.length >= 5],
    ],
    deed: () => {
      if (!it?.last || !spending) throw new Error('the model undid what is not there');
      const before = it.last.before ?? { canceled: true, expiresAtMs: at, spans: [{ screens: it.spans[0]?.screens ?? 1, endsAtMs: at }] };
      it.forgivenMs +=
        served(it.spans, spending.atMs, at) - (it.last.before && !it.last.before.trial ? served(before.spans, spending.atMs, at) : 0);
      Object.assign(it, structuredClone(before));
      it.last = null;
      it.spent -= spending.amount;
      data.undone.push({ panelId: command.scopeId, atMs: at });
      give(data, panel, spending.amount, at);
    },
  };
}

/** Milliseconds × screens between two times. */
export function served(spans: ModelCustomer['spans'], fromMs: number, toMs: number): number {
  let [total, beginsMs] = [0, fromMs];
  for (const { endsAtMs, screens } of spans) {
    total += screens * Math.max(0, Math.min(endsAtMs, toMs) - beginsMs);
    beginsMs = Math.max(beginsMs, endsAtMs);
  }
  return total;
}

function cancel(data: Data, it: ModelCustomer, panel: ModelPanel | undefined, words: readonly Word[], at: number): Rules {
  return {
    words: [...words, ['INVALID_STATE', it.canceled || it.expiresAtMs <= at]],
    deed: () => {
      it.canceled = true;
      it.last = null;
      if (it.trial || policyOf(data, it.tenantId).refundPolicy === 'NONE') return;
      // Period by period from the end: each returns what was paid for it.
      let refund = 0;
      while (it.expiresAtMs - THIRTY_DAYS >= at) {
        const paid = spansLeft(it, it.expiresAtMs - THIRTY_DAYS)[0]?.screens ?? 0;
        // Never more than was spent on the customer: imported time returns nothing.
        if (refund + paid > it.spent) break;
        refund += paid;
        it.expiresAtMs -= THIRTY_DAYS;
        const rest = spansLeft(it, at).filter(({ endsAtMs }) => endsAtMs < it.expiresAtMs);
        it.spans = [...rest, { screens: spansLeft(it, it.expiresAtMs - 1)[0]?.screens ?? 0, endsAtMs: it.expiresAtMs }];
      }
      if (refund === 0) return;
      it.spent -= refund;
      give(data, panel, refund, at);
    },
  };
}

function trial(data: Data, command: Of<'startTrial'>, words: readonly Word[], at: number): Rules {
  const { customerId, details, hours, scopeId, tenantId } = command;
  const policy = policyOf(data, tenantId);
  const contact = details.contactKey;
  const ofTenant = data.trials.filter((one) => one.tenantId === tenantId);
  const ofToday = ofTenant.filter(({ panelId, startedAtMs }) => panelId === scopeId && startedAtMs > data.nowMs - DAY);
  return {
    words: [
      ['INVALID_INPUT', hours > policy.trialMaxHours],
      ...words,
      ['TRIAL_ALREADY_USED', ofTenant.some((one) => one.contact === contact)],
      [
        'TRIAL_ALREADY_USED',
        policy.trialsForNewContactsOnly && data.activated.some((one) => one.tenantId === tenantId && one.contact === contact),
      ],
      ['TRIAL_QUOTA', ofToday.length >= policy.trialQuota],
      overLimit(data, panelOf(data, tenantId, scopeId), { trials: 1 }),
    ],
    deed: () => {
      const customer = newCustomer(tenantId, customerId, scopeId, at);
      customer.expiresAtMs = at + hours * 60 * 60 * 1000;
      customer.spans = [{ screens: 1, endsAtMs: customer.expiresAtMs }];
      data.customers.push(customer);
      data.trials.push({ tenantId, panelId: scopeId, contact, startedAtMs: at });
    },
  };
}

function screensLeft(it: ModelCustomer, at: number): number[] {
  return spansLeft(it, at).map(({ screens }) => screens);
}

/** The spans that have not ended. */
export function spansLeft({ spans }: ModelCustomer, at: number): ModelCustomer['spans'] {
  return spans.filter(({ endsAtMs }) => endsAtMs > at);
}

function pay(it: ModelCustomer, panel: ModelPanel | undefined, cost: number, at: number): void {
  it.trial = false;
  it.canceled = false;
  it.spent += cost;
  take(panel, cost, at);
}
