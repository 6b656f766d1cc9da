import { PrismaPg } from '@prisma/adapter-pg';
import { Prisma, PrismaClient } from '../prisma/generated/client/client.ts';
import { codeOf, isDeadlockOrSerialization } from '../src/db/retry.ts';
import { openSql, type Sql } from '../src/db/sql.ts';
import type { Ledger } from '../src/ledger/ledger.ts';
import { type Edge, transferOf } from './world.ts';

/** A way to post a transfer: every one leaves the same rows, and ledgerHealth judges them all at the end. */
export interface Contestant {
  /** Resolves after the commit; rejects when it was not done. */
  transfer(edge: Edge): Promise<void>;
  close(): Promise<void>;
}

/** The house's own. `ledger` is closed with the contestant. */
export function throughQueue(ledger: Ledger & { close(): Promise<void> }): Contestant {
  return {
    async transfer(edge) {
      const outcome = await ledger.post(transferOf(edge));
      if (outcome.status !== 'posted') throw new Error(`a transfer was ${outcome.status}`);
    },
    close: () => ledger.close(),
  };
}

const PRISMA_PATIENCE_MS = 60_000;

/**
 * One interactive transaction a transfer, as Prisma's documentation moves money: a conditional decrement, an
 * increment, and the rows that record it; a write conflict or deadlock is tried again.
 */
export function throughPrisma(url: string, connections: number): Contestant {
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: connections }) });
  const post = (edge: Edge) => {
    const { tenantId, scopeId, toId, amount, key, hash, transferId, actorId } = transferOf(edge);
    if (toId === null) throw new Error('a transfer to nobody');
    return prisma.$transaction(
      async (tx) => {
        const receiver = await tx.reseller.findUniqueOrThrow({
          where: { tenantId_id: { tenantId, id: toId } },
          select: { parentId: true, closedAt: true },
        });
        if (receiver.parentId !== scopeId || receiver.closedAt) throw new Error('not a direct child');
        const from = await tx.account.update({
          where: { tenantId_id: { tenantId, id: scopeId }, balance: { gt: amount } },
          data: { balance: { decrement: amount }, version: { increment: 1 }, changedAt: new Date() },
        });
        const to = await tx.account.update({
          where: { tenantId_id: { tenantId, id: toId } },
          data: { balance: { increment: amount }, version: { increment: 1 }, lockedSince: null, changedAt: new Date() },
        });
        // After both rows are locked, so that an account's times rise with its versions.
        const record = { tenantId, kind: 'TRANSFER', createdAt: new Date() } as const;
        await tx.transfer.create({ data: { ...record, id: transferId, fromId: scopeId, toId, amount, actorId } });
        const entry = { ...record, transferId };
        await tx.entry.createMany({
          data: [
            { ...entry, accountId: scopeId, version: from.version, delta: -amount, balanceAfter: from.balance },
            { ...entry, accountId: toId, version: to.version, delta: amount, balanceAfter: to.balance },
          ],
        });
        const { createdAt } = record;
        await tx.commandKey.create({ data: { tenantId, scopeId, key, hash: Buffer.from(hash, 'hex'), transferId, createdAt } });
      },
      { maxWait: PRISMA_PATIENCE_MS, timeout: PRISMA_PATIENCE_MS },
    );
  };
  return {
    transfer: (edge) => untilNoConflict(() => post(edge)),
    close: () => prisma.$disconnect(),
  };
}

interface LockedRow {
  readonly id: string;
  readonly balance: number;
  readonly version: number;
  readonly parentId: string | null;
  readonly closed: boolean;
}

/** Enough to be sure of the pool's order under any load of the benchmark. */
const PATIENT = { lock_timeout: '60000', statement_timeout: '60000', idle_in_transaction_session_timeout: '60000' };

/** One transaction a transfer with the same driver as the ledger: both accounts locked in id order, then checked and changed. */
export function throughTransactions(url: string, connections: number): Contestant {
  const sql = openSql(url, { name: 'bench transactions', max: connections, role: 'revenda_app', parameters: PATIENT });
  return {
    transfer: (edge) => untilNoConflict(() => postOne(sql, edge)),
    close: () => sql.end(),
  };
}

async function postOne(sql: Sql, edge: Edge): Promise<void> {
  const { tenantId, scopeId, toId, amount, key, hash, transferId, actorId } = transferOf(edge);
  await sql.begin(async (tx) => {
    const rows = await tx<LockedRow[]>`
      SELECT a.id, a.balance, a.version, r.parent_id AS "parentId", r.closed_at IS NOT NULL AS closed
      FROM account a JOIN reseller r USING (tenant_id, id)
      WHERE a.tenant_id = ${tenantId} AND a.id IN (${scopeId}, ${toId})
      ORDER BY a.id FOR UPDATE OF a`;
    const from = rows.find((row) => row.id === scopeId);
    const to = rows.find((row) => row.id === toId);
    if (!from || !to || to.parentId !== scopeId || to.closed || from.balance <= amount) throw new Error('refused');
    // Both rows are locked, so that an account's times rise with its versions.
    const at = new Date();
    // Sent without waiting for each other, as the driver allows inside a transaction.
    await Promise.all([
      tx`UPDATE account SET balance = ${from.balance - amount}, version = ${from.version + 1}, changed_at = ${at}
        WHERE tenant_id = ${tenantId} AND id = ${scopeId}`,
      tx`UPDATE account SET balance = ${to.balance + amount}, version = ${to.version + 1}, locked_since = NULL, changed_at = ${at}
        WHERE tenant_id = ${tenantId} AND id = ${toId}`,
      tx`INSERT INTO transfer (tenant_id, id, kind, from_id, to_id, amount, actor_id, created_at)
        VALUES (${tenantId}, ${transferId}, 'TRANSFER', ${scopeId}, ${toId}, ${amount}, ${actorId}, ${at})`,
      tx`INSERT INTO entry (tenant_id, account_id, version, kind, delta, balance_after, transfer_id, created_at) VALUES
        (${tenantId}, ${scopeId}, ${from.version + 1}, 'TRANSFER', ${-amount}, ${from.balance - amount}, ${transferId}, ${at}),
        (${tenantId}, ${toId}, ${to.version + 1}, 'TRANSFER', ${amount}, ${to.balance + amount}, ${transferId}, ${at})`,
      tx`INSERT INTO command_key (tenant_id, scope_id, key, hash, transfer_id, created_at)
        VALUES (${tenantId}, ${scopeId}, ${key}, ${Buffer.from(hash, 'hex')}, ${transferId}, ${at})`,
    ]);
  });
}

/** A team that knows its database tries a lost race again. Bounded, so that a broken contestant cannot hang the run. */
const MOST_ATTEMPTS = 100;

async function untilNoConflict(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= MOST_ATTEMPTS || !(isDeadlockOrSerialization(error) || isPrismaConflict(error))) throw error;
    }
  }
}

function isPrismaConflict(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && codeOf(error) === 'P2034';
}
