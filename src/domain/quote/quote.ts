/** The use case quote: computes what an operation would cost, before it is done (R12). */

import { z } from 'zod';
import type { Sql } from '../../db/sql.ts';
import { type Actor, mayRead, type Panel, type Role } from '../../kernel/actor.ts';
import { MAX_CREDITS } from '../../kernel/credits.ts';
import { BelowMinimum, Forbidden, InvalidState, PanelLocked, Refusal, Unauthenticated } from '../../kernel/errors.ts';
import { NIL_UUID } from '../../kernel/nil-uuid.ts';
import type { CreateReseller, Spending } from '../../ledger/command.ts';
import { limitOnNewReseller, quoteTerm } from '../../ledger/quote.ts';
import { aboveMaximum } from '../../ledger/rules/movement.ts';
import type { SpanUntil } from '../../ledger/rules/spans.ts';
import { MAX_DEPTH } from '../../ledger/rules/tree.ts';
import { checkInput } from '../check-input.ts';
import { contactKeyOf } from '../customer/contact.ts';
import { CUSTOMER_ROLES, detailsOf, optionalContactSchema, periodsSchema, screensSchema } from '../customer/fields.ts';
import { amountSchema, type RowId } from '../input.ts';
import { keyed } from '../keyed-command.ts';
import type { Ports } from '../ports.ts';
import { requireQuantity } from '../purchase/price.ts';
import { offerTo } from '../purchase/seller.ts';
import { CREATE_RESELLER_ROLES } from '../reseller/create-reseller.ts';

export const QUOTE_ROLES: readonly Role[] = ['OWNER', 'OPERATOR', 'FINANCE'];

/** The operation to quote. `customer` is the row that the caller's id names, or null. */
export type QuoteRequest =
  | { readonly kind: 'activate'; readonly periods: number; readonly screens: number; readonly contact?: string | null | undefined }
  | { readonly kind: 'renew'; readonly customer: RowId | null; readonly periods: number }
  | { readonly kind: 'addScreens'; readonly customer: RowId | null; readonly screens: number }
  | { readonly kind: 'createReseller' | 'transfer'; readonly amount: number }
  | { readonly kind: 'buy'; readonly quantity: number };

export interface Quote {
  readonly cost: number;
  /** Negative if the balance does not cover the cost. */
  readonly balanceAfter: number;
  /** Whether the operation would be refused without `useReserve` (R57). */
  readonly wouldUseReserve: boolean;
  /** When a customer's service would end: milliseconds since 1970. */
  readonly expiresAtMs: number | null;
  /** The spans that would be paid for. `screensChangeAtMs` is when the number of screens changes next. */
  readonly spans: readonly SpanUntil[] | null;
  readonly screensChangeAtMs: number | null;
  /** The panel's customers that have the contact of the activation, newest first. null if no contact was given. */
  readonly sameContact: readonly RowId[] | null;
  /** The price of a purchase, in minor units of `currency`. */
  readonly totalMinor: number | null;
  readonly currency: string | null;
}

type Buying = Extract<QuoteRequest, { kind: 'buy' }>;
type Amount = Extract<QuoteRequest, { amount: number }>;
type Term = Exclude<QuoteRequest, Buying | Amount>;

/**
 * Computes what an operation would cost the acting panel, and the balance after it, with the operation's own functions (R12). It
 * writes nothing. It refuses what the operation would refuse, except for lack of credits and for suspension. A locked panel gets a
 * quote for buying only, and PanelLocked for anything else.
 */
export async function quote(ports: Pick<Ports, 'sql' | 'topology'>, actor: Actor, request: QuoteRequest): Promise<Quote> {
  const { panel } = actor;
  if (panel === null || !mayRead(actor, QUOTE_ROLES)) throw new Forbidden();
  const contact = refuseInput(request);
  const account = await readAccount(ports.sql, actor, panel);
  if (request.kind === 'buy') return quoteBuying(ports, actor, account, request);
  if ('amount' in request) return quoteAmount(ports, actor, panel, account, request);
  requireUnlocked(actor, panel, account);
  const term = await quoteTerm(ports.sql, termCommand(actor, request), ports.topology);
  if (term instanceof Refusal) throw term;
  const { balance, cost, ...then } = term;
  const sameContact = contact === null ? null : await withContact(ports.sql, actor, panel, contact);
  return { ...NOTHING, ...then, cost, ...leaves(account, balance - cost), sameContact };
}

const NOTHING: Quote = {
  ...{ cost: 0, balanceAfter: 0, wouldUseReserve: false, expiresAtMs: null, spans: null, screensChangeAtMs: null, sameContact: null },
  ...{ totalMinor: null, currency: null },
};

/** The most customers with the same contact that a quote lists. */
export const MAX_SAME_CONTACT = 20;

/** Several customers may share a contact, for example a family's phone number. The caller decides whether one of them is meant. */
async function withContact(sql: Sql, { tenantId }: Actor, panel: Panel, contact: string): Promise<readonly RowId[]> {
  return await sql<RowId[]>`
    SELECT tenant_id AS "tenantId", id FROM customer
    WHERE tenant_id = ${tenantId} AND contact_key = ${contactKeyOf(contact)} AND reseller_id = ${panel.id}
    ORDER BY id DESC LIMIT ${MAX_SAME_CONTACT}`;
}

const schemas = {
  activate: z.object({ periods: periodsSchema, screens: screensSchema, contact: optionalContactSchema }),
  renew: z.object({ periods: periodsSchema }),
  addScreens: z.object({ screens: screensSchema }),
  // Any amount below a new panel's minimum, including 0, is refused later with BelowMinimum.
  createReseller: z.object({ amount: z.number() }),
  transfer: z.object({ amount: amountSchema }),
};

/** Checks the input. Returns the contact, if the operation has one. */
function refuseInput(request: QuoteRequest): string | null {
  const path = `input.${request.kind}`;
  if (request.kind === 'buy') {
    requireQuantity(`${path}.quantity`, request.quantity);
    return null;
  }
  if (request.kind === 'activate') return checkInput(schemas.activate, request, path).contact ?? null;
  checkInput(schemas[request.kind], request, path);
  return null;
}

interface AccountNow {
  readonly balance: number;
  readonly debt: number;
  /** The tenant's minimum for a transfer. */
  readonly minimumTransfer: number;
  readonly minimumInitialCredits: number;
  readonly reserve: number;
  readonly keepsReserve: boolean;
}

function leaves({ keepsReserve, reserve }: AccountNow, balanceAfter: number): Pick<Quote, 'balanceAfter' | 'wouldUseReserve'> {
  return { balanceAfter, wouldUseReserve: keepsReserve && balanceAfter >= 0 && balanceAfter < reserve };
}

async function readAccount(sql: Sql, { tenantId }: Actor, panel: Panel): Promise<AccountNow> {
  const [account] = await sql<AccountNow[]>`
    SELECT a.balance, a.debt, t.minimum_transfer AS "minimumTransfer", t.minimum_initial_credits AS "minimumInitialCredits",
      a.reserve_threshold AS reserve, r.keep_reserve AS "keepsReserve"
    FROM account a JOIN tenant t ON t.id = a.tenant_id JOIN reseller r ON r.tenant_id = a.tenant_id AND r.id = a.id
    WHERE a.tenant_id = ${tenantId} AND a.id = ${panel.id}`;
  if (account === undefined) throw new Unauthenticated('The session has ended.');
  return account;
}

function requireUnlocked({ tenantId }: Actor, { id }: Panel, { balance }: AccountNow): void {
  if (balance === 0) throw new PanelLocked({ tenantId, id });
}

/** Credits that come in repay a debt first (R29). */
async function quoteBuying(ports: Pick<Ports, 'sql'>, actor: Actor, { balance, debt }: AccountNow, { quantity }: Buying): Promise<Quote> {
  const { currency, totalMinor } = await offerTo(ports, actor, quantity, 'input.buy.quantity');
  const arrived = balance + quantity;
  if (arrived > MAX_CREDITS) throw aboveMaximum();
  return { ...NOTHING, balanceAfter: arrived - Math.min(debt, arrived), totalMinor, currency };
}

async function quoteAmount(
  { sql, topology }: Pick<Ports, 'sql' | 'topology'>,
  actor: Actor,
  panel: Panel,
  account: AccountNow,
  { amount, kind }: Amount,
): Promise<Quote> {
  const minimum = kind === 'transfer' ? account.minimumTransfer : account.minimumInitialCredits;
  if (amount < minimum) throw new BelowMinimum(`input.${kind}.amount`, minimum);
  requireUnlocked(actor, panel, account);
  if (kind === 'createReseller') {
    if (panel.depth >= MAX_DEPTH) throw new InvalidState(`A tree has at most ${MAX_DEPTH} levels below its root.`);
    const limit = await limitOnNewReseller(sql, newPanelCommand(actor, amount), topology);
    if (limit) throw limit;
  }
  return { ...NOTHING, cost: amount, ...leaves(account, account.balance - amount) };
}

/** The command as it would be posted, with a key that nobody can use and a placeholder owner. */
function newPanelCommand(actor: Actor, amount: number): CreateReseller {
  const by = keyed('quote', actor, CREATE_RESELLER_ROLES, { idempotencyKey: '' });
  const owner = { id: NIL_UUID, email: '', passwordHash: '' };
  return { ...by, kind: 'createReseller', transferId: NIL_UUID, resellerId: NIL_UUID, name: '', owner, amount };
}

/** The command as it would be posted, with a key that nobody can use. */
function termCommand(actor: Actor, request: Term): Spending {
  const by = keyed('quote', actor, CUSTOMER_ROLES, { idempotencyKey: '' });
  const transferId = NIL_UUID;
  switch (request.kind) {
    case 'activate': {
      const { periods, screens } = request;
      return { ...by, kind: 'activateCustomer', transferId, customerId: NIL_UUID, details: detailsOf('', null, null), periods, screens };
    }
    case 'renew':
      return { ...by, kind: 'renewCustomer', transferId, customerId: request.customer?.id ?? null, periods: request.periods };
    case 'addScreens':
      return { ...by, kind: 'addScreens', transferId, customerId: request.customer?.id ?? null, screens: request.screens };
  }
}
