import type { Account, Transfer } from '../prisma/generated/client/client.ts';
import type { AccountState } from '../src/kernel/change.ts';
import type { Posted, Replayed } from '../src/ledger/command.ts';
import type { Context } from './context.ts';
import { accountRow, transferRow } from './rows.ts';

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

/** The panel that was made: its id in its tenant. */
export function madeReseller(done: Done): { tenantId_id: { tenantId: string; id: string } } {
  if (done.status === 'replayed') return { tenantId_id: { tenantId: done.tenantId, id: held(done.subjectId) } };
  const { tenantId, id } = held(done.reseller);
  return { tenantId_id: { tenantId, id } };
}

/** Each command says which parts of its outcome there are: a missing one is a bug of the ledger. */
function held<Part>(part: Part | null): Part {
  if (part === null) throw new Error('the ledger answered without a part that its command promises');
  return part;
}
