import type { Client } from '../clients/api.ts';

/** The answer of a mutation: a payload's fields, or the code of a refusal. */
export interface Answered {
  readonly __typename: string;
  readonly code?: string;
  readonly message?: string;
  readonly minimum?: number;
  readonly reserve?: number;
  readonly balanceAfter?: number;
  readonly replayed?: boolean;
  readonly fields?: readonly { readonly path: string }[];
  readonly reseller?: { readonly id: string; readonly name: string; readonly status: string; readonly statusReason: string | null };
  readonly transfer?: { readonly kind: string; readonly amount: number; readonly memo: string | null } | null;
  readonly from?: { readonly id: string; readonly balance: number };
  readonly to?: { readonly id: string; readonly balance: number } | null;
  readonly policy?: Readonly<Record<string, unknown>>;
}

const ERROR = '... on Error { code message }';
const FIELDS = '... on InvalidInputError { fields { path } }';
/** They take ids alone. */
const WITHOUT_FIELDS: readonly string[] = ['moveReseller', 'resumeReseller'];
const PANEL = '{ reseller { id name status statusReason } }';
const MOVED = 'replayed transfer { kind amount memo } from { id balance } to { id balance }';

const SELECTIONS: Readonly<Record<string, string>> = {
  updateReseller: `... on UpdateResellerPayload ${PANEL}`,
  suspendReseller: `... on SuspendResellerPayload ${PANEL}`,
  resumeReseller: `... on ResumeResellerPayload ${PANEL}`,
  moveReseller: `... on MoveResellerPayload ${PANEL}`,
  closeReseller:
    '... on CloseResellerPayload { reseller { id name status statusReason } to { id balance } transfer { kind amount memo } replayed }',
  reclaimCredits: `... on ReclaimCreditsPayload { ${MOVED} }`,
  createReseller:
    '... on CreateResellerPayload { reseller { id name status statusReason } } ... on BelowMinimumError { minimum } ... on WouldUseReserveError { reserve balanceAfter }',
  transferCredits: `... on TransferCreditsPayload { ${MOVED} } ... on BelowMinimumError { minimum } ... on WouldUseReserveError { reserve balanceAfter }`,
  setTenantPolicy:
    '... on SetTenantPolicyPayload { policy { trialMaxHours trialQuota reclaimAllowed purchaseSource refundPolicy minimumTransfer undoMinutes minimumPurchase minimumInitialCredits lockMode trialsForNewContactsOnly timeZone } }',
};

/** Calls a mutation by its name; what it answers is selected. */
export async function call(client: Client, token: string, mutation: string, input: object): Promise<Answered> {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input!`;
  const errors = WITHOUT_FIELDS.includes(mutation) ? ERROR : `${ERROR} ${FIELDS}`;
  const { answer } = await client.data<{ answer: Answered }>(
    token,
    `mutation ($input: ${type}) { answer: ${mutation}(input: $input) { __typename ${errors} ${SELECTIONS[mutation] ?? ''} } }`,
    { input },
  );
  return answer;
}

/** What a call came to: the code of a refusal, or the payload's type. */
export function outcomeOf({ __typename, code }: Answered): string {
  return code ?? __typename;
}
