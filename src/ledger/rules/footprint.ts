/** Computes what a command will lock and may change, before it is decided, from the record of its kind. */

import type { Command } from '../command.ts';
import type { TransferAccounts } from './command-kind.ts';
import { kindOf } from './kinds.ts';

/** The accounts that its main transfer goes from and to. */
export function transferAccountsOf(command: Command): TransferAccounts {
  return kindOf(command).transferAccounts(command);
}

/** Every account that it must lock. */
export function accountsOf(command: Command): string[] {
  const kind = kindOf(command);
  const { fromId, toId } = kind.transferAccounts(command);
  const ids: string[] = [];
  if (fromId !== null) ids.push(fromId);
  if (toId !== null) ids.push(toId);
  for (const id of kind.alsoLocks(command)) ids.push(id);
  return ids;
}

/** The names that it must lock. */
export function namesOf(command: Command): readonly string[] {
  return kindOf(command).names(command);
}

/** Whether the tenant's tree must not change meanwhile. */
export function holdsTree(command: Command): boolean {
  return kindOf(command).holdsTree;
}

/** The name of the tenant's row. The prefix is needed because a tenant's id is also the id of its root's account. */
export function treeOf(command: Command): string {
  return `tree ${command.tenantId}`;
}

/** Everything that a command may wait for: its accounts, its names, and the tenant's row if it changes the tree. */
export function rowsOf(command: Command): string[] {
  const rows = accountsOf(command);
  for (const name of namesOf(command)) rows.push(name);
  if (holdsTree(command)) rows.push(treeOf(command));
  return rows;
}

/** Whether it must be a batch of its own. */
export function postsAlone(command: Command): boolean {
  return kindOf(command).postsAlone;
}

/** Whether it may change what customers may use: commands that name a customer, and the closing of a panel, which hands customers over. */
export function changesCustomers(command: Command): boolean {
  return 'customerId' in command || command.kind === 'closeReseller';
}

/** Whether it may change customer payments. `BatchResult.applied` covers the waiting payments that a batch applies by itself. */
export function changesPayments(command: Command): boolean {
  return 'paymentId' in command || command.kind === 'closeReseller';
}

/** Whether it may change purchases: commands that read a purchase, or count a panel's open ones. */
export function changesPurchases(command: Command): boolean {
  const { panelId, purchaseId } = kindOf(command).reads(command);
  return purchaseId !== undefined || panelId !== undefined;
}
