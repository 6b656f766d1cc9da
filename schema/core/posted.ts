/** Helpers for payloads that answer what the ledger did, now or earlier. */

import type { Account, Customer, Transfer } from '../../prisma/generated/client/client.ts';
import { NotFound, type Refusal, Unauthenticated } from '../../src/kernel/errors.ts';
import type { AccountState } from '../../src/kernel/journal.ts';
import type { Outcome, Posted, Replayed } from '../../src/ledger/outcome.ts';
import type { Context } from './context.ts';
import { loadersOf } from './loaders.ts';
import { accountRow, transferRow } from './prisma-rows.ts';
import { viewerOf } from './scopes.ts';
import { accountIfVisible, ownsCustomers } from './visibility.ts';

/** What the ledger did, now or earlier. Payloads are answered from it; only what it does not hold is read. */
export type Done = Posted | Replayed;

/** Whether an earlier call did it: a command that found its own commit, whose answer was lost on the way, did it itself. */
export function isReplayed(done: Done): boolean {
  return done.status === 'replayed' && !done.own;
}

/** The transfer as it was posted; after a replay it is read by its id. */
export async function transferOf(ctx: Context, done: Done): Promise<Transfer> {
  if (done.status === 'posted') return transferRow(held(done.transfer));
  return ctx.ports.prisma.transfer.findUniqueOrThrow({ where: { tenantId_id: { tenantId: done.tenantId, id: held(done.transferId) } } });
}

/** Whether anything moved: some commands move nothing when there is nothing to move. */
export function hasTransfer(done: Done): boolean {
  return done.status === 'posted' ? done.transfer !== null : done.transferId !== null;
}

export function accountOf(state: AccountState | null): Account {
  return accountRow(held(state));
}

/**
 * The account of the other side. After a replay, as it is now: null once the viewer may no longer see it, because it has left the
 * branch or the viewer is locked (R18, R31).
 */
export async function otherAccountOf(ctx: Context, done: Done, state: AccountState | null): Promise<Account | null> {
  const account = held(state);
  return done.status === 'posted' || (await seesAccount(ctx, account)) ? accountRow(account) : null;
}

async function seesAccount(ctx: Context, { id, tenantId }: { readonly tenantId: string; readonly id: string }): Promise<boolean> {
  return (await accountIfVisible(ctx, tenantId, id)) !== null;
}

/** The panel that was made: its id in its tenant. After a replay it may have left the branch: see visibleAfter. */
export function madeReseller(done: Done): { tenantId_id: { tenantId: string; id: string } } {
  if (done.status === 'replayed') return { tenantId_id: { tenantId: done.tenantId, id: held(done.subjectId) } };
  const { tenantId, id } = held(done.reseller);
  return { tenantId_id: { tenantId, id } };
}

/** What became of one item of a batch, as its result type answers it; a refusal that is none of `types` is thrown. */
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

/** The acting panel's account as the last posting of a batch left it, or as it is when all of it was refused. */
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

/** The customer that was made or changed, as it is now. */
export async function customerOf(ctx: Context, done: Done): Promise<Customer> {
  const { tenantId, id } = done.status === 'posted' ? held(done.customer) : { tenantId: done.tenantId, id: held(done.subjectId) };
  const customer = held(await loadersOf(ctx).customer.load({ tenantId, id }));
  if (!ownsCustomers(ctx, { tenantId, id: customer.resellerId })) throw new NotFound();
  return customer;
}

/** Whether the panel that a command was about may still be seen: at once it may, by a replay only as long as it is in the branch. */
export async function visibleAfter(ctx: Context, done: Done, panel: { readonly tenantId: string; readonly id: string }): Promise<boolean> {
  return done.status === 'posted' || (await seesAccount(ctx, panel));
}

/** The purchase that was made or changed: its id in its tenant. */
export function madePurchase(done: Done): { tenantId_id: { tenantId: string; id: string } } {
  if (done.status === 'replayed') return { tenantId_id: { tenantId: done.tenantId, id: held(done.subjectId) } };
  const { tenantId, id } = held(done.purchase);
  return { tenantId_id: { tenantId, id } };
}

/** The customer's payment that was confirmed: its id in its tenant. */
export function madePayment(done: Done): { tenantId_id: { tenantId: string; id: string } } {
  if (done.status === 'replayed') return { tenantId_id: { tenantId: done.tenantId, id: held(done.subjectId) } };
  const { tenantId, id } = held(done.payment);
  return { tenantId_id: { tenantId, id } };
}

/** Each command says which parts of its outcome there are: a missing one is a bug of the ledger. */
function held<Part>(part: Part | null): Part {
  if (part === null) throw new Error('the ledger answered without a part that its command promises');
  return part;
}
