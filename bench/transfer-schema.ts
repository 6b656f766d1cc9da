/** The transfer mutation that every HTTP contestant serves, and our posting behind it. */

import { hash } from 'node:crypto';
import type { Ledger } from '../src/ledger/ledger.ts';
import { type Edge, type Panel, transferOf } from './world.ts';

/** The peers' answer, in the shape of Revenda's own answer. */
export interface Moved {
  readonly transfer: { readonly id: string; readonly amount: number; readonly createdAt: Date };
  readonly from: Side;
  readonly to: Side;
}

interface Side {
  readonly id: string;
  readonly balance: number;
  readonly version: number;
  readonly locked: boolean;
}

/** The part of our schema that the document below needs; the peers serve it. */
export const TRANSFER_SDL = `
type Query { ok: Boolean! }
type Mutation { transferCredits(input: TransferCreditsInput!): TransferCreditsResult! }
input TransferCreditsInput { toResellerId: ID!  amount: Int!  memo: String  idempotencyKey: String! }
union TransferCreditsResult = TransferCreditsPayload | NotFoundError
type TransferCreditsPayload { transfer: Transfer!  from: Account!  to: Account!  replayed: Boolean! }
type Transfer { id: ID!  amount: Float!  createdAt: String! }
type Account { id: ID!  balance: Float!  version: Float!  locked: Boolean! }
interface Error { code: String!  message: String! }
type NotFoundError implements Error { code: String!  message: String! }
`;

/** The document of every GraphQL contestant except PostGraphile, whose schema is its own. */
export const TRANSFER_DOCUMENT = `mutation Transfer($input: TransferCreditsInput!) {
  transferCredits(input: $input) {
    __typename
    ... on TransferCreditsPayload {
      replayed transfer { id amount createdAt } from { id balance version locked } to { id balance version locked }
    }
    ... on Error { code message }
  }
}`;

export interface TransferInput {
  readonly toResellerId: string;
  readonly amount: number;
  readonly idempotencyKey: string;
}

/** The return value of a peer's resolver. */
export function payloadOf({ transfer, from, to }: Moved) {
  return {
    __typename: 'TransferCreditsPayload',
    replayed: false,
    transfer: { ...transfer, createdAt: transfer.createdAt.toISOString() },
    from,
    to,
  };
}

export function edgeOf(from: Panel, { toResellerId }: Pick<TransferInput, 'toResellerId'>): Edge {
  return { from, toId: toResellerId };
}

/** Calls our own posting from a peer's resolver. */
export async function moveThrough(ledger: Ledger, from: Panel, input: TransferInput): Promise<Moved> {
  const { toResellerId, amount, idempotencyKey } = input;
  if (typeof toResellerId !== 'string' || !Number.isSafeInteger(amount) || typeof idempotencyKey !== 'string') throw new Error('refused');
  const keyed = { key: idempotencyKey, hash: hash('sha256', `${toResellerId} ${amount}`) };
  const command = { ...transferOf(edgeOf(from, input), keyed), amount };
  const outcome = await ledger.post(command);
  if (outcome.status !== 'posted') throw new Error(`a transfer was ${outcome.status}`);
  const { transfer, from: payer, to } = outcome;
  if (!transfer || !payer || !to) throw new Error('a transfer without its sides');
  return {
    transfer: { id: transfer.id, amount: transfer.amount, createdAt: new Date(transfer.createdAtMs) },
    from: { id: payer.id, balance: payer.balance, version: payer.version, locked: payer.balance === 0 },
    to: { id: to.id, balance: to.balance, version: to.version, locked: to.balance === 0 },
  };
}
