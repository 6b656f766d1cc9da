/** What a command touches, before anything of it is decided: from the record of its kind. */

import type { Command } from '../command.ts';
import type { Sides } from './command-kind.ts';
import { kindOf } from './kinds.ts';

/** The accounts that its main transfer goes from and to. */
export function sidesOf(command: Command): Sides {
  return kindOf(command).sides(command);
}

/** Every account that it needs locked. */
export function accountsOf(command: Command): string[] {
  const kind = kindOf(command);
  const { fromId, toId } = kind.sides(command);
  const ids: string[] = [];
  if (fromId !== null) ids.push(fromId);
  if (toId !== null) ids.push(toId);
  for (const id of kind.alsoLocks(command)) ids.push(id);
  return ids;
}

/** The names that it needs locked. */
export function namesOf(command: Command): readonly string[] {
  return kindOf(command).names(command);
}

/** Whether the tree must hold still. */
export function holdsTree(command: Command): boolean {
  return kindOf(command).holdsTree;
}

/** A tenant has the id of its root: the row of the one is not that of the other. */
export function treeOf(command: Command): string {
  return `tree ${command.tenantId}`;
}

/** What a command may have to wait for: its accounts, its names, and the tenant's tree if it changes that. */
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

/** Whether it may change what customers may use: those that look at one do, make one, or hand a panel's to another. */
export function changesCustomers(command: Command): boolean {
  return 'customerId' in command || command.kind === 'closeReseller';
}

/** Whether it may change customers' payments: those that look at one do, or hand a panel's to another. What a batch applies beside, it says itself. */
export function changesPayments(command: Command): boolean {
  return 'paymentId' in command || command.kind === 'closeReseller';
}

/** Whether it may change purchases: those that look at one do, or at a panel's open ones. */
export function changesPurchases(command: Command): boolean {
  const { panelId, purchaseId } = kindOf(command).reads(command);
  return purchaseId !== undefined || panelId !== undefined;
}
