/** The subscription that every socket server of the benchmark serves, and its events. */

import type { Change } from '../src/kernel/journal.ts';
import { uuidv7 } from '../src/kernel/uuid.ts';
import type { Panel } from './world.ts';

export const SUBSCRIPTION_SDL = `
type Query { ok: Boolean! }
type Subscription { balanceChanged: BalanceChange! }
type BalanceChange { account: Account!  version: Float!  balance: Float!  delta: Float!  locked: Boolean! }
type Account { id: ID!  balance: Float!  version: Float!  locked: Boolean! }
`;

export const SUBSCRIPTION_DOCUMENT =
  'subscription { balanceChanged { version balance delta locked account { id balance version locked } } }';

/** The account of a planted panel, after its one change. */
const PLANTED = { balance: 10, version: 1 };

export const INITIAL_VERSION = PLANTED.version;

/** A panel's change number `round`, of one credit received, as the ledger passes changes to the feed after a commit. */
export function changeOf({ tenantId, id, userId }: Panel, round: number): Change {
  const nowMs = Date.now();
  const balance = PLANTED.balance + round;
  const account = {
    tenantId,
    id,
    balance,
    version: PLANTED.version + round,
    lockedSinceMs: null,
    reserveThreshold: 1,
    debt: 0,
    issued: 0,
    consumed: 0,
    withdrawn: 0,
    changedAtMs: nowMs,
  };
  const transfer = {
    tenantId,
    id: uuidv7(),
    kind: 'TRANSFER',
    fromId: userId,
    toId: id,
    amount: 1,
    actorId: userId,
    memo: null,
    createdAtMs: nowMs,
    customerId: null,
    purchaseId: null,
  } as const;
  return { account, path: '', delta: 1, transfer };
}

/** The same change as the root value of a peer's schema. */
export function eventOf(change: Change) {
  const { id, balance, version } = change.account;
  const locked = balance === 0;
  return { balanceChanged: { version, balance, delta: change.delta, locked, account: { id, balance, version, locked } } };
}
