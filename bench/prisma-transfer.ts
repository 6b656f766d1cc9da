/** Posts transfers with Prisma's interactive transactions, for the peer Apollo Server. */

import { PrismaPg } from '@prisma/adapter-pg';
import { Prisma, PrismaClient } from '../prisma/generated/client/client.ts';
import { codeOf, isDeadlockOrSerialization } from '../src/db/retry.ts';
import type { Moved } from './transfer-schema.ts';
import { type Edge, transferOf } from './world.ts';

const PATIENCE_MS = 60_000;

/**
 * Posts each transfer in one interactive transaction, as Prisma's documentation moves money: a conditional decrement,
 * an increment, and the rows that record them. A write conflict or a deadlock is retried.
 */
export function openPrismaTransfers(url: string, connections: number): (edge: Edge, amount: number, key: string) => Promise<Moved> {
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: connections }) });
  const post = (edge: Edge, amount: number, key: string) => {
    const { tenantId, scopeId, toId, hash, transferId, actorId } = transferOf(edge);
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
        // Read after both rows are locked, so that an account's times rise with its versions.
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
        return { transfer: { id: transferId, amount, createdAt }, from: sideOf(from), to: sideOf(to) };
      },
      { maxWait: PATIENCE_MS, timeout: PATIENCE_MS },
    );
  };
  return (edge, amount, key) => untilNoConflict(() => post(edge, amount, key));
}

function sideOf({ id, balance, version, locked }: { id: string; balance: bigint; version: bigint; locked: boolean }) {
  return { id, balance: Number(balance), version: Number(version), locked };
}

/** A team that knows its database retries a lost race. The limit keeps a broken contestant from hanging the run. */
const MOST_ATTEMPTS = 100;

async function untilNoConflict<T>(work: () => Promise<T>): Promise<T> {
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
