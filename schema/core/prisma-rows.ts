/** Converts rows of the ledger and the feed to the shape of Prisma's rows, so that one GraphQL type serves both. */

import type { Account, Entry, Transfer } from '../../prisma/generated/client/client.ts';
import type { BalanceEvent } from '../../src/feed/feed.ts';
import type { AccountState, TransferRow } from '../../src/kernel/journal.ts';

export function accountRow(account: AccountState): Account {
  return {
    tenantId: account.tenantId,
    id: account.id,
    balance: BigInt(account.balance),
    version: BigInt(account.version),
    locked: account.balance === 0,
    lockedSince: account.lockedSinceMs === null ? null : new Date(account.lockedSinceMs),
    reserveThreshold: BigInt(account.reserveThreshold),
    debt: BigInt(account.debt),
    issued: BigInt(account.issued),
    consumed: BigInt(account.consumed),
    withdrawn: BigInt(account.withdrawn),
    changedAt: new Date(account.changedAtMs),
  };
}

export function transferRow(transfer: TransferRow): Transfer {
  return {
    tenantId: transfer.tenantId,
    id: transfer.id,
    kind: transfer.kind,
    fromId: transfer.fromId,
    toId: transfer.toId,
    amount: BigInt(transfer.amount),
    actorId: transfer.actorId,
    memo: transfer.memo,
    createdAt: new Date(transfer.createdAtMs),
    customerId: transfer.customerId,
    purchaseId: transfer.purchaseId,
  };
}

export type EntryWithTransfer = Entry & { transfer: Transfer };

/** The journal's entry of an event. Null if the event is the present state, which belongs to no single entry. */
export function entryRow({ account, delta, transfer }: BalanceEvent): EntryWithTransfer | null {
  if (transfer === null) return null;
  return {
    tenantId: account.tenantId,
    accountId: account.id,
    version: BigInt(account.version),
    kind: transfer.kind,
    delta: BigInt(delta),
    balanceAfter: BigInt(account.balance),
    transferId: transfer.id,
    createdAt: new Date(account.changedAtMs),
    transfer: transferRow(transfer),
  };
}
