/** The mutations that the soak's callers send. */

import { randomInt, randomUUID } from 'node:crypto';
import type { Payload } from './client.ts';
import type { Payer } from './world.ts';

/** One mutation with its keys. It is repeated verbatim until it is answered. */
export interface Operation {
  readonly token: string;
  readonly query: string;
  readonly variables: object;
}

const ERRORS = '__typename ... on Error { code message }';
const SPENT = 'replayed transfer { id } customer { id }';
const mutation = (name: string, input: string, payload: string) =>
  `mutation ($input: ${input}!) { result: ${name}(input: $input) { ${ERRORS} ... on ${payload} } }`;

const MOVED = 'TransferCreditsPayload { replayed transfer { id } }';
const TRANSFER = mutation('transferCredits', 'TransferCreditsInput', MOVED);
const BATCH = mutation(
  'transferCreditsBatch',
  'TransferCreditsBatchInput',
  `TransferCreditsBatchPayload { results { ${ERRORS} ... on ${MOVED} } }`,
);
const ACTIVATE = mutation('activateCustomer', 'ActivateCustomerInput', `ActivateCustomerPayload { ${SPENT} }`);
const RENEW = mutation('renewCustomer', 'RenewCustomerInput', `RenewCustomerPayload { ${SPENT} }`);
const BUY = mutation('buyCredits', 'BuyCreditsInput', 'BuyCreditsPayload { replayed purchase { id } }');
const CONFIRM = mutation('confirmPurchase', 'ConfirmPurchaseInput', 'ConfirmPurchasePayload { replayed transfer { id } purchase { id } }');

const LARGEST_BATCH = 10;

const key = () => `soak ${randomUUID()}`;

export function transfer(token: string, toResellerId: string): Operation {
  return { token, query: TRANSFER, variables: { input: { toResellerId, amount: 1, idempotencyKey: key() } } };
}

export function batch({ token, childId }: Payer): Operation {
  const transfers = Array.from({ length: 2 + randomInt(LARGEST_BATCH - 1) }, () => ({
    toResellerId: childId,
    amount: 1,
    idempotencyKey: key(),
  }));
  return { token, query: BATCH, variables: { input: { mode: 'ATOMIC', transfers } } };
}

export function activate({ token }: Pick<Payer, 'token'>): Operation {
  return { token, query: ACTIVATE, variables: { input: { name: 'Customer', contact: randomUUID(), periods: 1, idempotencyKey: key() } } };
}

export function renew({ token }: Payer, customerId: string): Operation {
  return { token, query: RENEW, variables: { input: { customerId, periods: 1, idempotencyKey: key() } } };
}

export function buy({ token }: Payer): Operation {
  return { token, query: BUY, variables: { input: { quantity: 10, idempotencyKey: key() } } };
}

export function confirm(platformToken: string, purchaseId: string): Operation {
  return { token: platformToken, query: CONFIRM, variables: { input: { purchaseId } } };
}

/** The transfers in an answer, which are in the journal for good. */
export function transfersOf(payload: Payload): string[] {
  return [payload, ...(payload.results ?? [])].flatMap(({ transfer: done }) => (done ? [done.id] : []));
}
