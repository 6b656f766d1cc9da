/** What a command touches, before anything of it is decided. */

import type { Command, SettlePurchase } from '../command.ts';

/** The accounts that the main transfer of a command goes from and to; null where it is issued, consumed, or names nothing. */
export function sidesOf(command: Command): { fromId: string | null; toId: string | null } {
  switch (command.kind) {
    case 'createTenant':
      return { fromId: null, toId: command.resellerId };
    case 'issueCredits':
      return { fromId: null, toId: command.toId };
    case 'createReseller':
      return { fromId: command.scopeId, toId: command.resellerId };
    case 'transferCredits':
      return { fromId: command.scopeId, toId: command.toId };
    case 'reclaimCredits':
      return { fromId: command.fromId, toId: command.scopeId };
    case 'closeReseller':
      return { fromId: command.panelId, toId: command.parentId };
    case 'activateCustomer':
    case 'renewCustomer':
    case 'addScreens':
      return { fromId: command.scopeId, toId: null };
    case 'cancelCustomer':
      return { fromId: null, toId: command.scopeId };
    case 'startTrial':
    case 'buyCredits':
      return { fromId: null, toId: null };
    case 'cancelPurchase':
      return { fromId: null, toId: command.buyerId };
    case 'settlePurchase':
      return { fromId: command.sellerId, toId: command.buyerId };
    case 'chargeBackPurchase':
      return { fromId: command.buyerId, toId: null };
    case 'reverseChargeBack':
      return { fromId: null, toId: command.buyerId };
  }
}

/**
 * Every account a command needs locked: its sides, and the acting panel whose right to act hangs on its balance. A panel's
 * customers and purchases are changed under the lock of its account, and have none of their own.
 */
export function accountsOf(command: Command): string[] {
  const { fromId, toId } = sidesOf(command);
  const ids = [fromId, toId].filter((id) => id !== null);
  switch (command.kind) {
    case 'startTrial':
    case 'buyCredits':
      return [command.scopeId];
    case 'closeReseller':
    case 'cancelPurchase':
    case 'settlePurchase':
      return command.scopeTenantId === command.tenantId ? [...ids, command.scopeId] : ids;
    case 'chargeBackPurchase':
    case 'reverseChargeBack': {
      const sellers = command.sellerId === null ? ids : [...ids, command.sellerId];
      return command.scopeTenantId === command.tenantId ? [...sellers, command.scopeId] : sellers;
    }
    default:
      return ids;
  }
}

/** Serialise what no row can: one platform key, one e-mail, one contact's trial, one payment, one tenant's total of issued credits. */
export function namesOf(command: Command): string[] {
  switch (command.kind) {
    case 'createTenant':
      return [`email ${command.owner.email}`, `key ${command.scopeId} ${command.key}`];
    case 'createReseller':
      return [`email ${command.owner.email}`];
    case 'issueCredits':
      return [`issued ${command.tenantId}`, `key ${command.scopeId} ${command.key}`];
    case 'closeReseller':
      return command.scopeTenantId === command.tenantId ? [] : [`key ${command.scopeId} ${command.key}`];
    case 'startTrial':
      return [`trial ${command.tenantId} ${command.details.contactKey}`];
    case 'chargeBackPurchase':
      return command.key !== null && command.scopeTenantId !== command.tenantId ? [`key ${command.scopeId} ${command.key}`] : [];
    case 'settlePurchase': {
      const names = mayIssue(command) ? [`issued ${command.tenantId}`] : [];
      return command.reference === null ? names : [...names, `payment ${command.sellerId} ${command.reference}`];
    }
    default:
      return [];
  }
}

/** Whether the credits of a purchase may come from nobody: of the platform's sale, or of one that the platform settles for a seller. */
export function mayIssue({ by, scopeTenantId, sellerId, tenantId }: SettlePurchase): boolean {
  return sellerId === null || (by === 'SELLER' && scopeTenantId !== tenantId);
}

/** Whether the tree must hold still: creating a panel, closing one and moving one take the tenant's row against each other. */
export function holdsTree(command: Command): boolean {
  return command.kind === 'createReseller' || command.kind === 'closeReseller';
}

/** A tenant has the id of its root: the row of the one is not that of the other. */
export function treeOf(command: Command): string {
  return `tree ${command.tenantId}`;
}

/** What a command may have to wait for: its accounts, its names, and the tenant's tree if it changes that. */
export function rowsOf(command: Command): string[] {
  if (command.kind === 'transferCredits') return accountsOf(command);
  const rows = [...namesOf(command), ...accountsOf(command)];
  return holdsTree(command) ? [treeOf(command), ...rows] : rows;
}

/**
 * Whether it must be a batch of its own. Closing a panel rewrites all its customers and orders, which the one statement that
 * writes a batch must not change twice.
 */
export function postsAlone(command: Command): boolean {
  return command.kind === 'closeReseller';
}

/** The id by which a command finds its own earlier commit: of its transfer, or of what it makes once. */
export function markOf(command: Command): string {
  switch (command.kind) {
    case 'createTenant':
      return command.resellerId;
    case 'startTrial':
      return command.customerId;
    case 'buyCredits':
    case 'cancelPurchase':
      return command.purchaseId;
    default:
      return command.transferId;
  }
}
