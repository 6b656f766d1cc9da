/** Helpers for payloads of commands that the ledger posted, now or in an earlier call. */

import type { Account, Customer, Transfer } from '../../prisma/generated/client/client.ts';
import { NotFound, type Refusal, Unauthenticated } from '../../src/kernel/errors.ts';
import type { AccountState } from '../../src/kernel/journal.ts';
import type { Outcome, Posted, Replayed } from '../../src/ledger/outcome.ts';
import type { Context } from './context.ts';
import { loadersOf } from './loaders.ts';
import { accountRow, transferRow } from './prisma-rows.ts';
import { viewerOf } from './scopes.ts';
import { accountIfVisible, ownsCustomers } from './visibility.ts';

/** The outcome of a command that was posted now or earlier. Payloads are built from it; only values that it lacks are read. */
export type Done = Posted | Replayed;

/** Whether an earlier call posted the command. False if the command found its own commit, whose answer from Postgres was lost. */
export function isReplayed(done: Done): boolean {
  return done.status === 'replayed' && !done.own;
}

/** The transfer as it was posted. For a replay, it is read by its id. */
export async function transferOf(ctx: Context, done: Done): Promise<Transfer> {
  if (done.status === 'posted') return transferRow(required(done.transfer));
  return ctx.ports.prisma.transfer.findUniqueOrThrow({
    where: { tenantId_id: { tenantId: done.tenantId, id: required(done.transferId) } },
  });
}

/** Whether the command moved credits. Some commands move none, for example when the balance to sweep is 0. */
export function hasTransfer(done: Done): boolean {
  return done.status === 'posted' ? done.transfer !== null : done.transferId !== null;
}

export function accountOf(state: AccountState | null): Account {
  return accountRow(required(state));
}

/**
 * The account of the other side. For a replay, the account as it is now; null if the viewer may no longer see it, because the
 * panel left the branch or the viewer is locked (R18, R31).
 */
export async function otherAccountOf(ctx: Context, done: Done, state: AccountState | null): Promise<Account | null> {
  const account = required(state);
  return done.status === 'posted' || (await seesAccount(ctx, account)) ? accountRow(account) : null;
}

async function seesAccount(ctx: Context, { id, tenantId }: { readonly tenantId: string; readonly id: string }): Promise<boolean> {
  return (await accountIfVisible(ctx, tenantId, id)) !== null;
}

/** The key of the panel that was created. For a replay, the panel may have left the branch: see visibleAfter. */
export function createdResellerKey(done: Done): { tenantId_id: { tenantId: string; id: string } } {
  if (done.status === 'replayed') return { tenantId_id: { tenantId: done.tenantId, id: required(done.subjectId) } };
  const { tenantId, id } = required(done.reseller);
  return { tenantId_id: { tenantId, id } };
}

/** The result of one item of a batch, as a member of its result union. Throws a refusal whose class is not in `types`. */
export function resultOf<const Types extends readonly (abstract new (...args: never) => Refusal)[]>(
  outcome: Outcome,
  types: Types,
): Done | InstanceType<Types[number]> {
  if (outcome.status !== 'refused') return outcome;
  const { refusal } = outcome;
  const isTyped = (one: Refusal): one is InstanceType<Types[number]> => types.some((type) => one instanceof type);
  if (isTyped(refusal)) return refusal;
  throw refusal;
}

/** The acting panel's account after the last posted item of a batch, or as it is now if every item was refused. */
export async function payerAfter(ctx: Context, outcomes: readonly Outcome[]): Promise<Account> {
  let newest: AccountState | null = null;
  for (const outcome of outcomes) {
    const payer = outcome.status === 'refused' ? null : outcome.from;
    if (payer !== null && payer.version > (newest?.version ?? -1)) newest = payer;
  }
  if (newest !== null) return accountRow(newest);
  const { panel, tenantId } = viewerOf(ctx);
  const account = panel && (await loadersOf(ctx).account.load({ tenantId, id: panel.id }));
  if (account === null) throw new Unauthenticated('The session has ended.');
  return account;
}

/** The customer that was created or changed, as it is now. */
export async function customerOf(ctx: Context, done: Done): Promise<Customer> {
  const { tenantId, id } = done.status === 'posted' ? required(done.customer) : { tenantId: done.tenantId, id: required(done.subjectId) };
  const customer = required(await loadersOf(ctx).customer.load({ tenantId, id }));
  if (!ownsCustomers(ctx, { tenantId, id: customer.resellerId })) throw new NotFound();
  return customer;
}

/** Whether the viewer may see the panel that a command was about: always after posting, and for a replay while it is in the branch. */
export async function visibleAfter(ctx: Context, done: Done, panel: { readonly tenantId: string; readonly id: string }): Promise<boolean> {
  return done.status === 'posted' || (await seesAccount(ctx, panel));
}

/** The key of the purchase that was created or changed. */
export function purchaseKey(done: Done): { tenantId_id: { tenantId: string; id: string } } {
  if (done.status === 'replayed') return { tenantId_id: { tenantId: done.tenantId, id: required(done.subjectId) } };
  const { tenantId, id } = required(done.purchase);
  return { tenantId_id: { tenantId, id } };
}

/** The key of the customer's payment that was confirmed. */
export function paymentKey(done: Done): { tenantId_id: { tenantId: string; id: string } } {
  if (done.status === 'replayed') return { tenantId_id: { tenantId: done.tenantId, id: required(done.subjectId) } };
  const { tenantId, id } = required(done.payment);
  return { tenantId_id: { tenantId, id } };
}

/** Each command determines which parts its outcome has. A missing part is a bug of the ledger. */
function required<Part>(part: Part | null): Part {
  if (part === null) throw new Error('the outcome of the ledger lacks a part that its command must have');
  return part;
}
