/** The model: a second implementation of the business rules. */

import { PLATFORM_TENANT_ID, PROVIDER_ACTOR_ID } from '../../src/kernel/actor.ts';
import type { Policy } from '../../src/kernel/policy.ts';
import type { Command } from '../../src/ledger/command.ts';
import { accountsOf, transferAccountsOf } from '../../src/ledger/rules/footprint.ts';
import { copyOf, type Data, type ModelCustomer, type ModelPanel, type ModelUser, policyOf, type Rules, type Word } from './model-data.ts';
import { importRules } from './model-imports.ts';
import { applyWaiting, paymentRules } from './model-payments.ts';
import { purchaseRules } from './model-purchases.ts';
import { isOfService, serviceRules } from './model-service.ts';
import { treeRules } from './model-tree.ts';

/**
 * A second, simpler implementation of the rules, against which the ledger's answers are checked. Panels know their
 * parents but no paths, terms are counted period by period, and every reason to refuse is computed, even if an
 * earlier one decides.
 */
export class Model {
  readonly platformUserId: string;
  #data: Data;

  constructor(platformUserId: string, nowMs: number) {
    this.platformUserId = platformUserId;
    const platform: ModelUser = { panelId: null, role: 'PLATFORM', disabled: false };
    this.#data = {
      ...{ nowMs, panels: [], users: new Map([[platformUserId, platform]]), keys: new Map(), emails: new Set(), issued: new Map() },
      ...{
        policies: new Map(),
        customers: [],
        spendings: [],
        undone: [],
        trials: [],
        activated: [],
        purchases: [],
        claims: [],
        payments: [],
      },
    };
  }

  get data(): Data {
    return this.#data;
  }

  get panels(): readonly ModelPanel[] {
    return this.#data.panels;
  }

  user(id: string): ModelUser | undefined {
    return this.#data.users.get(id);
  }

  panel(id: string | null): ModelPanel | undefined {
    return this.#data.panels.find((panel) => panel.id === id);
  }

  childrenOf(panel: ModelPanel): ModelPanel[] {
    return this.#data.panels.filter(({ parentId }) => parentId === panel.id);
  }

  policyOf(tenantId: string): Policy {
    return policyOf(this.#data, tenantId);
  }

  /** Moves all ends closer while the clock stands still, for a database, which has its own clock. */
  age(ms: number): void {
    for (const one of [...this.#data.customers, ...this.#data.purchases]) one.expiresAtMs -= ms;
    for (const span of this.#data.customers.flatMap(({ spans }) => spans)) span.endsAtMs -= ms;
    for (const one of this.#data.spendings) one.atMs -= ms;
    for (const it of this.#data.customers) it.last = it.last && { ...it.last, before: it.last.before && older(it.last.before, ms) };
    for (const one of this.#data.trials) one.startedAtMs -= ms;
  }

  /** The first verdict that applies now, in the order of R35. Changes nothing. */
  verdict(command: Command): string {
    return this.#verdict(command, this.#rules(command));
  }

  /** Applies the command if its verdict is POSTED, and returns the verdict. */
  post(command: Command): string {
    // Before any command, the waiting payments of its panels' customers are applied (R54).
    const closes = command.kind === 'closeReseller' ? command.panelId : null;
    const ids = accountsOf(command).filter((id) => id !== closes && this.panel(id)?.tenantId === command.tenantId);
    applyWaiting(this.#data, ids, command.kind === 'refundCustomerPayment' ? command.paymentId : null);
    const rules = this.#rules(command);
    const verdict = this.#verdict(command, rules);
    if (verdict !== 'POSTED') return verdict;
    if (command.key !== null) this.#data.keys.set(keyOf(command), { hash: command.hash, made: madeBy(command) });
    const before = new Map(this.#data.panels.map(({ balance, id }) => [id, balance]));
    rules.deed();
    // Credits that the command brings or returns also go to waiting payments first.
    const isTakenBack = command.kind === 'cancelCustomer' || command.kind === 'undoSpending';
    const { toId } = transferAccountsOf(command);
    const risen = this.#data.panels.filter(({ balance, id }) => balance > (before.get(id) ?? 0)).map(({ id }) => id);
    const first = toId !== null && (isTakenBack || command.kind === 'closeReseller' || risen.includes(toId)) ? [toId] : [];
    applyWaiting(this.#data, [...first, ...risen.filter((id) => id !== toId)]);
    if (command.kind === 'closeReseller') this.#handPayments(command.panelId);
    return verdict;
  }

  /**
   * The open payments of a closed panel's customers become its parent's. The next command on the parent applies those
   * that wait.
   */
  #handPayments(closedId: string | null): void {
    const parentId = this.panel(closedId)?.parentId ?? null;
    for (const payment of this.#data.payments) {
      if (payment.panelId === closedId && payment.status !== 'APPLIED' && payment.status !== 'REFUNDED' && parentId !== null)
        payment.panelId = parentId;
    }
  }

  /**
   * Returns the verdicts of all commands, or those up to the first refusal, with values checked before rights (R35).
   * After a refusal nothing is done.
   */
  postAtomic(commands: readonly Command[]): string[] {
    const bad = commands.findIndex((command) => VALUE_WORDS.includes(this.verdict(command)));
    if (bad >= 0)
      return [...commands.slice(0, bad).map(() => 'NOT DONE'), ...commands.slice(bad, bad + 1).map((command) => this.verdict(command))];
    const before = copyOf(this.#data);
    const verdicts: string[] = [];
    for (const command of commands) {
      const verdict = this.post(command);
      verdicts.push(verdict);
      if (verdict !== 'POSTED' && verdict !== 'REPLAYED' && verdict !== 'RECOVERED') {
        this.#data = before;
        break;
      }
    }
    return verdicts;
  }

  #verdict(command: Command, rules: Rules): string {
    const words: readonly Word[] = [...this.#ofActor(command), ...this.#ofKey(command), ...rules.words];
    return words.find(([, applies]) => applies)?.[0] ?? 'POSTED';
  }

  #rules(command: Command): Rules {
    if (isOfService(command)) return serviceRules(this.#data, command);
    switch (command.kind) {
      case 'buyCredits':
      case 'cancelPurchase':
      case 'settlePurchase':
      case 'chargeBackPurchase':
      case 'reverseChargeBack':
        return purchaseRules(this.#data, command);
      case 'settleCustomerPayment':
      case 'refundCustomerPayment':
      case 'applyCustomerPayment':
        return paymentRules(this.#data, command);
      case 'importRoot':
      case 'importReseller':
      case 'importCustomer':
        return importRules(this.#data, command);
      default:
        return treeRules(this.#data, command);
    }
  }

  #ofActor(command: Command): Word[] {
    if (command.actorId === PROVIDER_ACTOR_ID) return [];
    const user = this.#data.users.get(command.actorId);
    const acting = this.panel(user?.panelId ?? null);
    return [
      ['UNAUTHENTICATED', !user || user.disabled || (user.panelId ?? PLATFORM_TENANT_ID) !== command.scopeId || acting?.closed === true],
      ['FORBIDDEN', user !== undefined && !command.roles.includes(user.role)],
    ];
  }

  #ofKey(command: Command): Word[] {
    const use = command.key === null ? undefined : this.#data.keys.get(keyOf(command));
    return [
      ['IDEMPOTENCY_CONFLICT', use !== undefined && use.hash !== command.hash],
      ['RECOVERED', use?.made === madeBy(command)],
      ['REPLAYED', use !== undefined],
    ];
  }
}

function older<Service extends Pick<ModelCustomer, 'spans' | 'expiresAtMs'>>(service: Service, ms: number): Service {
  const spans = service.spans.map(({ endsAtMs, screens }) => ({ screens, endsAtMs: endsAtMs - ms }));
  return { ...service, spans, expiresAtMs: service.expiresAtMs - ms };
}

const VALUE_WORDS = ['INVALID_INPUT', 'BELOW_MINIMUM'];

/** The ids that distinguish a command from its own retry. */
function madeBy(command: Command): string {
  switch (command.kind) {
    case 'createTenant':
    case 'importReseller':
      return command.resellerId;
    case 'importRoot':
      return command.rowId;
    case 'startTrial':
    case 'importCustomer':
      return command.customerId;
    case 'buyCredits':
    case 'cancelPurchase':
      return command.purchaseId;
    case 'settleCustomerPayment':
    case 'refundCustomerPayment':
      return command.settlementId;
    case 'applyCustomerPayment':
      return command.paymentId;
    default:
      return command.transferId;
  }
}

function keyOf({ scopeTenantId, scopeId, key }: Command): string {
  return `${scopeTenantId} ${scopeId} ${key}`;
}
